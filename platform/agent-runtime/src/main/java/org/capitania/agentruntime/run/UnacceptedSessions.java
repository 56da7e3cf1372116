package org.capitania.agentruntime.run;

import io.quarkus.logging.Log;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.capitania.agentruntime.loop.Gateway;
import org.capitania.agentruntime.loop.SessionStore;
import org.capitania.agentruntime.transcript.ModelCalls;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.SessionEntry.Remembered;
import org.capitania.agentruntime.transcript.Snapshot;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.event.AgentWake;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/**
 * Offers tool-registry once more what it did not take of earlier sessions, in a later run and at most once an hour each: what was wrong may
 * have been mended there since.
 */
@ApplicationScoped
class UnacceptedSessions {
    private static final int AT_ONCE = 3;

    /** Nothing was said of what was offered. */
    private static final Set<ErrorCode> OF_THE_RUN =
            EnumSet.of(ErrorCode.FENCED, ErrorCode.LEASE_LOST, ErrorCode.AGENT_PAUSED, ErrorCode.AUTONOMY_FROZEN);

    private final Sql sql;
    private final SessionStore store;
    private final Gateway gateway;

    UnacceptedSessions(Sql sql, SessionStore store, Gateway gateway) {
        this.sql = sql;
        this.store = store;
        this.gateway = gateway;
    }

    /**
     * Offers those of runs before this one, in its name. What is refused again stays as it is, and whatever fails here is no failure of the
     * run, whose tasks are done and have yet to be reported.
     */
    void offer(Scope scope, AgentWake wake) {
        try {
            offerAll(scope, wake);
        } catch (RuntimeException e) {
            Log.errorf(e, "what sessions left could not be offered run=%s", wake.runId());
        }
    }

    private void offerAll(Scope scope, AgentWake wake) {
        List<Ticket> unaccepted = new ArrayList<>();
        for (Row row : sql.read(scope, tx -> tx.query("""
                        SELECT session_id, task_id FROM sessions
                         WHERE unaccepted IS NOT NULL AND run_id <> $1
                           AND (offered_at IS NULL OR offered_at < clock_timestamp() - interval '1 hour')
                         ORDER BY opened_at LIMIT $2
                        """, wake.runId(), AT_ONCE))) {
            unaccepted.add(new Ticket(
                    scope.tenant(),
                    wake.role(),
                    row.getString("session_id"),
                    row.getString("task_id"),
                    wake.runId(),
                    wake.fence()));
        }
        for (Ticket ticket : unaccepted) {
            if (!offer(scope, ticket)) {
                return;
            }
        }
    }

    /** False when it is no use to go on with others now. */
    private boolean offer(Scope scope, Ticket ticket) {
        try {
            close(ticket);
            Log.infof("what a session left was taken later task=%s session=%s", ticket.taskId(), ticket.sessionId());
            note(scope, ticket, null);
        } catch (CapitaniaException e) {
            if (e.code().type().retryable() || OF_THE_RUN.contains(e.code())) {
                return false;
            }
            Log.warnf("what a session left is still not taken session=%s why=%s", ticket.sessionId(), e.detail());
            note(scope, ticket, e.code().code() + ": " + e.detail());
        } catch (RuntimeException e) {
            Log.errorf(e, "what a session left cannot be offered session=%s", ticket.sessionId());
            note(scope, ticket, "it cannot be offered: " + e);
        }
        return true;
    }

    private void close(Ticket ticket) {
        Transcript transcript = new Transcript(ticket.sessionId(), store.entries(ticket));
        Ended ended = transcript.ended().orElseThrow();
        List<Reply> replies = transcript.replies();
        String model = replies.isEmpty() ? "none" : replies.getLast().model();
        gateway.close(
                ticket,
                ended,
                best(transcript, ended),
                new Gateway.Figures(model, ModelCalls.of(transcript), List.of()));
    }

    private void note(Scope scope, Ticket ticket, @Nullable String unaccepted) {
        sql.run(
                scope,
                tx -> tx.execute(
                        "UPDATE sessions SET unaccepted = $2, offered_at = clock_timestamp() WHERE session_id = $1",
                        ticket.sessionId(),
                        unaccepted));
    }

    /** The last thing it wrote that has something in it; the very last may be empty because of what was refused before. */
    private static Snapshot best(Transcript transcript, Ended ended) {
        List<Snapshot> written = transcript.all(Remembered.class).stream()
                .map(Remembered::snapshot)
                .toList();
        return written.reversed().stream()
                .filter(snapshot ->
                        !snapshot.memories().isEmpty() || !snapshot.memo().isBlank())
                .findFirst()
                .or(() -> written.reversed().stream()
                        .filter(snapshot -> !snapshot.none().isBlank())
                        .findFirst())
                .map(UnacceptedSessions::whole)
                .orElseGet(() -> Snapshot.without(ended.reason(), "what it left was not accepted at first"));
    }

    /** No session is put away without a memory or a word why there is none (section 13.6 of the seeds). */
    private static Snapshot whole(Snapshot snapshot) {
        return snapshot.memories().isEmpty() && snapshot.none().isBlank()
                ? new Snapshot(snapshot.summary(), snapshot.memo(), List.of(), "it wrote none")
                : snapshot;
    }
}
