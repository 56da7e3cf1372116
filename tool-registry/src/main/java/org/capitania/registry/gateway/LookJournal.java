package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult.ToolError;
import org.capitania.contract.event.LedgerAction;
import org.capitania.registry.secrets.Scrubber;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/**
 * Writes a call that only looked: once, when it has ended and before it is answered, in one trip that is one transaction. Until then it
 * has no row: one that a dying process cut off is as if it had never been made, and is made again under the same id.
 */
@ApplicationScoped
class LookJournal {
    private static final String WRITE = """
            SELECT write_look($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb, $10, $11, $12::text::jsonb, $13, $14::text::jsonb, $15::text::jsonb,
                              $16, $17, $18, $19) AS written
            """;

    private final Sql sql;
    private final CallJournal journal;
    private final Scrubber scrubber;

    LookJournal(Sql sql, CallJournal journal, Scrubber scrubber) {
        this.sql = sql;
        this.journal = journal;
        this.scrubber = scrubber;
    }

    /**
     * Ends a look; when its id was taken meanwhile, by another process that looked as well, that end stands and is returned.
     *
     * @param sources what of the result came from outside; none for a person
     */
    JournalRow end(
            Attempt a,
            Instant since,
            CallStatus status,
            @Nullable JsonNode output,
            @Nullable ToolError error,
            @Nullable String auditEventId,
            List<String> sources) {
        JsonNode clean = output == null ? null : scrubber.clean(output);
        String answered = clean == null ? null : clean.toString();
        String failed = error == null ? null : scrubber.clean(Json.tree(error)).toString();
        String shown = failed == null ? answered : failed;
        JournalRow row = row(a, since, status, clean, error, auditEventId);
        // What it answered is sent once and told as it is kept, unless it may be too large for an event.
        LedgerAction action = shown == null || Bounded.surelyFits(shown) ? row.ledgerAction(null) : row.ledgerAction();
        Scope scope = a.scope();
        Turn turn = Turn.of(a.callId());
        // Nobody waits for the ledger: what tells it goes with what else comes within a moment.
        boolean written = sql.callUnhurried(
                        WRITE,
                        scope.tenant(),
                        scope.actor(),
                        orEmpty(scope.reason()),
                        orEmpty(scope.causationId()),
                        orEmpty(scope.correlationId()),
                        orEmpty(scope.traceparent()),
                        Topics.LEDGER_ACTIONS,
                        LedgerAction.TYPE,
                        journal.told(action).toString(),
                        a.runId(),
                        a.fence(),
                        a.arguments().toString(),
                        a.digest(),
                        answered,
                        failed,
                        sources.toArray(String[]::new),
                        turn.model(),
                        turn.first(),
                        Times.db(since))
                .iterator()
                .next()
                .getBoolean("written");
        if (written) {
            journal.count(row);
            return row;
        }
        return sql.read(scope, tx -> journal.find(tx, a.callId()))
                .orElseThrow(() -> new IllegalStateException("call " + a.callId() + " is not in the journal"));
    }

    /** As it will stand but for what the store adds: its end, and the model and cost of its turn. */
    private static JournalRow row(
            Attempt a,
            Instant since,
            CallStatus status,
            @Nullable JsonNode output,
            @Nullable ToolError error,
            @Nullable String auditEventId) {
        var verb = a.known().verb(a.arguments());
        return new JournalRow(
                a.callId(),
                a.scope().actor(),
                a.sessionId(),
                a.taskId(),
                a.runId(),
                a.parentId(),
                a.tool(),
                verb.name(),
                verb.idempotency().wire(),
                a.arguments(),
                a.digest(),
                status,
                output,
                error,
                null,
                auditEventId,
                false,
                since,
                null,
                a.caller().enteredBy().orElse(null),
                null,
                BigDecimal.ZERO,
                null);
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
