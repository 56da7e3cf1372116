package org.capitania.agentruntime.session;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.capitania.agentruntime.loop.RunInterrupted;
import org.capitania.agentruntime.loop.RunInterrupted.Cause;
import org.capitania.agentruntime.loop.SessionStore;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Closed;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.SessionEntry.Opened;
import org.capitania.agentruntime.transcript.SessionEntry.Received;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.contract.Json;
import org.capitania.contract.event.AgentMessage;
import org.capitania.contract.event.AgentSession;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/** The session store in PostgreSQL. What an entry means for the other tables, and its event, is written in the same transaction. */
@ApplicationScoped
class PgSessionStore implements SessionStore {
    private static final String UNIQUE_VIOLATION = "23505";

    private final Sql sql;
    private final LiveSessions live;
    private final ToolLists tools;

    PgSessionStore(Sql sql, LiveSessions live, ToolLists tools) {
        this.sql = sql;
        this.live = live;
        this.tools = tools;
    }

    @Override
    public List<SessionEntry> entries(Ticket ticket) {
        return sql.read(scope(ticket), tx -> entries(tx, ticket.sessionId()));
    }

    static List<SessionEntry> entries(Tx tx, String sessionId) {
        return entries(tx, sessionId, ToolLists.WHOLE);
    }

    /** The session without its tools: to tell what happened in it they are not needed. */
    static Transcript told(Tx tx, String sessionId) {
        return new Transcript(sessionId, entries(tx, sessionId, ToolLists.WITHOUT_TOOLS));
    }

    private static List<SessionEntry> entries(Tx tx, String sessionId, String body) {
        List<SessionEntry> entries = new ArrayList<>();
        for (Row row : tx.query(
                "SELECT " + body + " AS body FROM session_entries e WHERE e.session_id = $1 ORDER BY e.seq",
                sessionId)) {
            entries.add(SessionJson.read(row.getString("body")));
        }
        return entries;
    }

    @Override
    public void append(Ticket ticket, int known, List<SessionEntry> entries) {
        try {
            sql.run(scope(ticket), tx -> {
                if (known == 0) {
                    // All others were begun by whoever found or made them for their task.
                    tx.put("""
                            INSERT INTO sessions (session_id, task_id, run_id, purpose) VALUES ($1, $2, $3, 'ask')
                            ON CONFLICT (tenant_id, session_id) DO NOTHING
                            """, ticket.sessionId(), ticket.taskId(), ticket.runId());
                }
                int seq = known;
                for (SessionEntry entry : entries) {
                    insert(tx, ticket.sessionId(), seq++, entry);
                    follow(tx, ticket, entry);
                }
            });
        } catch (PgException e) {
            if (UNIQUE_VIOLATION.equals(e.getSqlState())) {
                throw new RunInterrupted(Cause.LOST, "another run writes session " + ticket.sessionId());
            }
            throw e;
        } finally {
            live.moved(ticket.tenant(), ticket.sessionId());
        }
    }

    private void insert(Tx tx, String sessionId, int seq, SessionEntry entry) {
        if (entry instanceof Opened opened && !opened.tools().isEmpty()) {
            insert(tx, sessionId, seq, opened.withoutTools(), tools.keep(tx, opened));
        } else {
            insert(tx, sessionId, seq, entry, null);
        }
    }

    /** @param list under which the tools of an opened entry are kept */
    private static void insert(
            Tx tx, String sessionId, int seq, SessionEntry entry, @org.jspecify.annotations.Nullable String list) {
        String body = SessionJson.write(entry);
        tx.put("""
                INSERT INTO session_entries (session_id, seq, kind, body)
                VALUES ($1, $2, $3, $4::text::jsonb || CASE WHEN $5::text IS NULL THEN '{}' ELSE jsonb_build_object('tool_list', $5::text) END)
                """, sessionId, seq, SessionJson.kind(body), body, list);
    }

    private static void follow(Tx tx, Ticket ticket, SessionEntry entry) {
        switch (entry) {
            case Opened opened -> {
                tx.put(
                        "UPDATE sessions SET model = $2, run_id = $3 WHERE session_id = $1",
                        ticket.sessionId(),
                        opened.provider(),
                        ticket.runId());
                tx.publish(
                        AgentSession.OPENED,
                        ticket.sessionId(),
                        event(ticket, opened.provider(), 0, BigDecimal.ZERO, null, null));
            }
            case Received(List<Incoming> items) -> shown(tx, ticket, items);
            case Closed(BigDecimal cost) -> close(tx, ticket, cost == null ? BigDecimal.ZERO : cost);
            case SessionEntry.Asked a -> {}
            case SessionEntry.Replied r -> {}
            case SessionEntry.Returned r -> {}
            case SessionEntry.Reminded r -> {}
            case SessionEntry.Alarmed a -> {}
            case SessionEntry.Compacted c -> {}
            case Ended e -> {}
            case SessionEntry.Remembered r -> {}
            case SessionEntry.Refused r -> {}
        }
    }

    /** A message that was sent to us is shown to one task, once. */
    private static void shown(Tx tx, Ticket ticket, List<Incoming> items) {
        for (Incoming item : items) {
            if (item.type().equals(AgentMessage.TYPE)) {
                tx.put("""
                        UPDATE messages SET state = 'shown', session_id = $2, ended_at = clock_timestamp()
                         WHERE message_id = $1 AND kind = 'send' AND state = 'waiting'
                        """, item.id(), ticket.sessionId());
            }
        }
    }

    private static void close(Tx tx, Ticket ticket, BigDecimal cost) {
        Transcript transcript = told(tx, ticket.sessionId());
        Ended ended = transcript.ended().orElseThrow();
        List<Reply> replies = transcript.replies();
        String model = replies.isEmpty()
                ? transcript.opened().map(Opened::provider).orElse("none")
                : replies.getLast().model();
        String ending = Json.tree(ended.ending()).asText();
        String unaccepted = transcript
                .unaccepted()
                .map(refused -> refused.code() + ": " + refused.detail())
                .orElse(null);
        tx.put(
                """
                UPDATE sessions
                   SET ending = $2, code = $3, reason = $4, model = $5, turns = $6, run_id = $7, unaccepted = $8,
                       closed_at = clock_timestamp()
                 WHERE session_id = $1 AND closed_at IS NULL
                """,
                ticket.sessionId(),
                ending,
                ended.code(),
                ended.reason(),
                model,
                replies.size(),
                ticket.runId(),
                unaccepted);
        tx.publish(
                AgentSession.CLOSED,
                ticket.sessionId(),
                event(
                        ticket,
                        model,
                        replies.size(),
                        cost,
                        unaccepted == null ? ending : "failed",
                        unaccepted != null
                                ? "not accepted: " + unaccepted
                                : ended.ending() == Ending.FINISHED
                                        ? ended.reason()
                                        : ended.code() + ": " + ended.reason()));
    }

    private static AgentSession event(
            Ticket ticket,
            String model,
            int turns,
            BigDecimal cost,
            @org.jspecify.annotations.Nullable String outcome,
            @org.jspecify.annotations.Nullable String reason) {
        return new AgentSession(
                ticket.sessionId(),
                ticket.taskId(),
                ticket.role(),
                ticket.runId(),
                model,
                turns,
                cost,
                outcome,
                reason);
    }

    static Scope scope(Ticket ticket) {
        return Scope.of(ticket.tenant(), ticket.actor(), "session " + ticket.sessionId())
                .withCorrelation(ticket.taskId());
    }
}
