package org.capitania.agentruntime.session;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;

/** Which session a task is done in: the one that is open, or a fresh one. What a finished session has seen is never done again. */
@ApplicationScoped
public class Sessions {
    private final Sql sql;
    private final Ids ids;

    Sessions(Sql sql, Ids ids) {
        this.sql = sql;
        this.ids = ids;
    }

    /** Where a task stands. */
    public sealed interface Place {
        /**
         * Go on in this session.
         *
         * @param begun whether it was begun just now
         */
        record In(String sessionId, Instant openedAt, boolean begun) implements Place {}

        /** Every event of it was seen by a session that finished. */
        record Finished(String reason) implements Place {}
    }

    /** The session for a task and the events it has now. */
    public Place forTask(Scope scope, String taskId, String runId, Set<String> eventIds) {
        return sql.tx(scope, tx -> {
            Optional<Row> open = tx.one(
                    "SELECT session_id, opened_at FROM sessions WHERE task_id = $1 AND purpose = 'task' AND closed_at IS NULL",
                    taskId);
            if (open.isPresent()) {
                tx.execute(
                        "UPDATE sessions SET run_id = $2 WHERE session_id = $1",
                        open.get().getString("session_id"),
                        runId);
                return new Place.In(open.get().getString("session_id"), Times.instant(open.get(), "opened_at"), false);
            }
            Optional<String> finished = finished(tx, taskId, eventIds);
            if (finished.isPresent()) {
                return new Place.Finished(finished.get());
            }
            String sessionId = ids.v7().toString();
            Row begun = tx.one(
                            "INSERT INTO sessions (session_id, task_id, run_id, purpose) VALUES ($1, $2, $3, 'task') RETURNING opened_at",
                            sessionId,
                            taskId,
                            runId)
                    .orElseThrow();
            return new Place.In(sessionId, Times.instant(begun, "opened_at"), true);
        });
    }

    /** The session in which one question is answered, always the same for the same message; it begins with what is appended to it first. */
    public static String forAsk(String messageId) {
        return UUID.nameUUIDFromBytes(("ask:" + messageId).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** The session of a subagent; false when it was begun before, by this process or one that is gone. */
    public boolean forSubagent(Ticket ticket, String parentSession, String subagent) {
        return sql.tx(PgSessionStore.scope(ticket), tx -> {
            boolean begun = tx.execute(
                            """
                            INSERT INTO sessions (session_id, task_id, run_id, purpose, parent_session, parent_call, subagent)
                            VALUES ($1, $2, $3, 'subagent', $4, $5, $6) ON CONFLICT (tenant_id, session_id) DO NOTHING
                            """,
                            ticket.sessionId(),
                            ticket.taskId(),
                            ticket.runId(),
                            parentSession,
                            ticket.parentCall(),
                            subagent)
                    == 1;
            if (!begun) {
                tx.execute("UPDATE sessions SET run_id = $2 WHERE session_id = $1", ticket.sessionId(), ticket.runId());
            }
            return begun;
        });
    }

    /** Entries that the sessions of a run hold; the watchdog sees by it that a run goes on. */
    public long steps(Scope scope, String runId) {
        return sql.read(scope, tx -> tx.one("""
                                SELECT count(*) AS steps FROM session_entries e JOIN sessions s USING (tenant_id, session_id)
                                 WHERE s.run_id = $1
                                """, runId).orElseThrow().getLong("steps"));
    }

    private static Optional<String> finished(Tx tx, String taskId, Set<String> eventIds) {
        Optional<String> reason = Optional.empty();
        Set<String> unseen = new java.util.HashSet<>(eventIds);
        for (Row row : tx.query(
                "SELECT session_id, reason FROM sessions WHERE task_id = $1 AND ending = 'finished' AND purpose <> 'subagent' ORDER BY closed_at",
                taskId)) {
            String sessionId = row.getString("session_id");
            unseen.removeAll(PgSessionStore.told(tx, sessionId).received());
            reason = Optional.of(row.getString("reason"));
        }
        return unseen.isEmpty() ? reason : Optional.empty();
    }
}
