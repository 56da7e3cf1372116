package org.capitania.registry.ledger;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.ActionsView;
import org.capitania.contract.api.LlmCallsView;
import org.capitania.registry.ledger.ActionQueries.Filter;
import org.capitania.registry.ledger.LedgerVerifier.Verdict;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** The ledger for people and for the services that judge by it. Agents read theirs with {@code hq_action_log}. */
@Path("/v1")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
class LedgerResource {
    private static final int MOST = 1000;

    private final CallContext context;
    private final Sql sql;
    private final ActionQueries queries;
    private final LedgerVerifier verifier;

    LedgerResource(CallContext context, Sql sql, ActionQueries queries, LedgerVerifier verifier) {
        this.context = context;
        this.sql = sql;
        this.queries = queries;
        this.verifier = verifier;
    }

    @GET
    @Path("/actions")
    public ActionsView actions(
            @QueryParam("task_id") @Nullable String task,
            @QueryParam("session_id") @Nullable String session,
            @QueryParam("trace") @Nullable String trace,
            @QueryParam("limit") @DefaultValue("200") int limit) {
        allow();
        return sql.tx(context.scope(), tx -> {
            String of = trace == null
                    ? task
                    : queries.taskOf(tx, trace)
                            .orElseThrow(() -> new CapitaniaException(
                                    ErrorCode.NOT_FOUND, "no task, session, call or proposal is called " + trace));
            ActionsView view = queries.read(tx, new Filter(of, session, null, Math.clamp(limit, 1, MOST)));
            if (view.actions().isEmpty() && (of != null || session != null)) {
                throw new CapitaniaException(
                        ErrorCode.NOT_FOUND, "nothing was done for " + (of == null ? session : of));
            }
            return view;
        });
    }

    @GET
    @Path("/llm-calls")
    public LlmCallsView llmCalls(
            @QueryParam("since") @Nullable String since, @QueryParam("limit") @DefaultValue("200") int limit) {
        allow();
        Instant from;
        try {
            from = since == null ? null : Instant.parse(since);
        } catch (DateTimeParseException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "since is an ISO 8601 instant, not " + since, e);
        }
        return new LlmCallsView(sql.tx(context.scope(), tx -> queries.llmCalls(tx, from, Math.clamp(limit, 1, MOST))));
    }

    /** Walks both chains. */
    @GET
    @Path("/ledger/verify")
    public List<Verdict> verify() {
        allow();
        return verifier.verify(context.scope());
    }

    private void allow() {
        context.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
    }
}
