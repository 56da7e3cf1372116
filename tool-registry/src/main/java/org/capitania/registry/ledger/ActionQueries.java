package org.capitania.registry.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.contract.api.ActionView;
import org.capitania.contract.api.ActionsView;
import org.capitania.contract.event.LlmCall;
import org.capitania.registry.ledger.SimilarActions.Similar;
import org.capitania.registry.secrets.Scrubber;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Trajectories, read from the journal so that the newest act is in them. What an act asked for is told without secrets. */
@ApplicationScoped
public class ActionQueries {

    /** What to read; one of task and session, or neither for the latest. */
    public record Filter(
            @Nullable String taskId,
            @Nullable String sessionId,
            @Nullable String actor,
            int limit) {}

    private static final String COLUMNS = """
            call_id, actor, task_id, tool, status, input::text AS input, coalesce(error, output)::text AS output, cost_usd, started_at, finished_at
            """;

    private final Scrubber scrubber;

    ActionQueries(Scrubber scrubber) {
        this.scrubber = scrubber;
    }

    /** The acts in order; without a task or a session the latest ones, newest last. */
    public ActionsView read(Tx tx, Filter filter) {
        List<ActionView> actions = new ArrayList<>();
        Row[] first = new Row[1];
        tx.query("""
                        SELECT * FROM (
                            SELECT %s FROM calls
                             WHERE ($1::text IS NULL OR task_id = $1) AND ($2::text IS NULL OR session_id = $2)
                               AND ($3::text IS NULL OR actor = $3)
                             ORDER BY started_at DESC, call_id DESC LIMIT $4) latest
                        ORDER BY started_at, call_id
                        """.formatted(COLUMNS), filter.taskId(), filter.sessionId(), filter.actor(), filter.limit())
                .forEach(row -> {
                    first[0] = first[0] == null ? row : first[0];
                    actions.add(view(row));
                });
        boolean one = filter.taskId() != null || filter.sessionId() != null;
        String task =
                filter.taskId() != null || first[0] == null || !one ? filter.taskId() : first[0].getString("task_id");
        String agent = first[0] == null || !one ? null : first[0].getString("actor");
        return new ActionsView(
                task, agent, task == null ? null : model(tx, task).orElse(null), actions);
    }

    /** The acts whose vectors are nearest to one, nearest first; all are compared. */
    List<Similar> like(Tx tx, Filter filter, String model, String vector) {
        List<Similar> similar = new ArrayList<>();
        tx.query(
                        """
                        SELECT %s, 1 - (e.embedding::public.vector OPERATOR(public.<=>) $5::text::public.vector) AS similarity
                          FROM action_embeddings AS e
                          JOIN calls AS c USING (tenant_id, call_id)
                         WHERE e.model = $6 AND ($1::text IS NULL OR task_id = $1) AND ($2::text IS NULL OR session_id = $2)
                           AND ($3::text IS NULL OR actor = $3)
                         ORDER BY similarity DESC, call_id DESC LIMIT $4
                        """.formatted(COLUMNS),
                        filter.taskId(),
                        filter.sessionId(),
                        filter.actor(),
                        filter.limit(),
                        vector,
                        model)
                .forEach(row -> similar.add(new Similar(view(row), row.getDouble("similarity"))));
        return similar;
    }

    private static Optional<String> model(Tx tx, String taskId) {
        return tx.one("SELECT model FROM model_reservations WHERE task_id = $1 ORDER BY opened_at DESC LIMIT 1", taskId)
                .map(row -> row.getString("model"));
    }

    /** The task a trace id or anything else that people paste may stand for: a task, a session, a call or a proposal. */
    public Optional<String> taskOf(Tx tx, String trace) {
        return tx.one("""
                        SELECT task_id FROM calls
                         WHERE task_id IS NOT NULL AND (task_id = $1 OR session_id = $1 OR call_id = $1 OR proposal_id = $1) LIMIT 1
                        """, trace).map(row -> row.getString("task_id"));
    }

    /** Model calls after a ledger position, oldest first. */
    List<LlmCall> llmCalls(Tx tx, @Nullable Instant since, int limit) {
        List<LlmCall> calls = new ArrayList<>();
        tx.query("""
                        SELECT body::text AS body FROM llm_calls
                         WHERE $1::timestamptz IS NULL OR (body ->> 'started_at')::timestamptz >= $1 ORDER BY seq LIMIT $2
                        """, since == null ? null : Times.db(since), limit)
                .forEach(row -> calls.add(Json.read(row.getString("body"), LlmCall.class)));
        return calls;
    }

    private ActionView view(Row row) {
        Instant started = Times.instant(row, "started_at");
        Instant finished = Times.instantOrNull(row, "finished_at");
        String output = row.getString("output");
        BigDecimal cost = row.getBigDecimal("cost_usd");
        return new ActionView(
                row.getString("call_id"),
                row.getString("tool"),
                row.getString("status"),
                scrubber.clean(Json.read(row.getString("input"), JsonNode.class)),
                output == null ? null : Json.read(output, JsonNode.class),
                cost.stripTrailingZeros(),
                finished == null ? null : Duration.between(started, finished).toMillis(),
                null,
                started);
    }
}
