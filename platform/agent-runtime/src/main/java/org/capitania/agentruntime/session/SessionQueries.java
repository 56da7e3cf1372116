package org.capitania.agentruntime.session;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.capitania.agentruntime.model.SentMessages;
import org.capitania.agentruntime.session.SessionView.Entry;
import org.capitania.agentruntime.transcript.ModelCalls;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.SessionMessages;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/** Reads sessions for people. */
@ApplicationScoped
class SessionQueries {
    private static final String COLUMNS =
            "session_id, task_id, run_id, purpose, model, turns, ending, code, reason, unaccepted, opened_at, closed_at, parent_session,"
                    + " parent_call, subagent";

    private final Sql sql;

    SessionQueries(Sql sql) {
        this.sql = sql;
    }

    SessionView.Page list(Scope scope, @Nullable String taskId, int limit) {
        return sql.tx(scope, tx -> {
            List<SessionView> items = new ArrayList<>();
            String select = "SELECT " + COLUMNS
                    + " FROM sessions WHERE ($1::text IS NULL OR task_id = $1) ORDER BY opened_at DESC, session_id DESC LIMIT $2";
            for (Row row : tx.query(select, taskId, limit)) {
                items.add(view(row, null));
            }
            return new SessionView.Page(items);
        });
    }

    SessionView get(Scope scope, String sessionId) {
        return since(scope, sessionId, -1);
    }

    /** The session with its entries after this one. */
    SessionView since(Scope scope, String sessionId, int after) {
        return sql.read(scope, tx -> {
            Row session = tx.one("SELECT " + COLUMNS + " FROM sessions WHERE session_id = $1", sessionId)
                    .orElseThrow(() -> new CapitaniaException(
                            ErrorCode.NOT_FOUND,
                            "this agent has no session " + sessionId + "; GET /v1/sessions lists them"));
            List<Entry> entries = new ArrayList<>();
            for (Row row : tx.query(
                    "SELECT seq, kind, at, " + ToolLists.WHOLE
                            + " AS body FROM session_entries e WHERE session_id = $1 AND seq > $2 ORDER BY seq",
                    sessionId,
                    after)) {
                entries.add(new Entry(
                        row.getInteger("seq"),
                        row.getString("kind"),
                        Times.instant(row, "at"),
                        Json.read(row.getString("body"), JsonNode.class)));
            }
            return view(session, entries);
        });
    }

    SessionMessages messages(Scope scope, String sessionId, String callId) {
        return sql.tx(scope, tx -> {
            Transcript transcript = new Transcript(sessionId, PgSessionStore.entries(tx, sessionId));
            ModelCalls.Before before = ModelCalls.before(transcript, callId)
                    .orElseThrow(() -> new CapitaniaException(
                            ErrorCode.NOT_FOUND,
                            "session " + sessionId + " of this agent made no model call " + callId));
            return new SessionMessages(sessionId, callId, before.inputsDigest(), SentMessages.of(before));
        });
    }

    private static SessionView view(Row row, @Nullable List<Entry> entries) {
        return new SessionView(
                row.getString("session_id"),
                row.getString("task_id"),
                row.getString("run_id"),
                row.getString("purpose"),
                row.getString("model"),
                row.getInteger("turns"),
                row.getString("ending"),
                row.getString("code"),
                row.getString("reason"),
                row.getString("unaccepted"),
                Times.instant(row, "opened_at"),
                Times.instantOrNull(row, "closed_at"),
                row.getString("parent_session"),
                row.getString("parent_call"),
                row.getString("subagent"),
                entries);
    }
}
