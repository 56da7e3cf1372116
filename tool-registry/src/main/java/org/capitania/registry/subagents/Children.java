package org.capitania.registry.subagents;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import org.capitania.registry.handler.Call;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** The sessions of subagents, in the table {@code sessions}: made by the call that starts one, once, with its header. */
@ApplicationScoped
public class Children {
    private static final String COLUMNS = """
            session_id, role, task_id, parent_call_id, subagent, tools, project, closed_at IS NULL AS open
            """;

    private final Sql sql;
    private final Ids ids;

    Children(Sql sql, Ids ids) {
        this.sql = sql;
        this.ids = ids;
    }

    /** The session of that id; empty when no call has started it. */
    public Optional<Child> find(Scope scope, String sessionId) {
        return sql.read(
                scope,
                tx -> tx.one(
                                "SELECT " + COLUMNS
                                        + " FROM sessions WHERE session_id = $1 AND parent_call_id IS NOT NULL",
                                sessionId)
                        .map(Children::child));
    }

    /** Starts one for a call; the same call again is answered what it started. */
    Child begin(Tx tx, Call call, String subagent, Set<String> tools, @Nullable String project, String header) {
        tx.execute(
                """
                INSERT INTO sessions (session_id, task_id, role, run_id, header, parent_session_id, parent_call_id, subagent, tools, project)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING
                """,
                Child.name(ids.v7().toString()),
                call.taskId(),
                call.role(),
                call.runId(),
                header,
                call.sessionId(),
                call.callId(),
                subagent,
                tools.toArray(String[]::new),
                project);
        return tx.one("SELECT " + COLUMNS + " FROM sessions WHERE parent_call_id = $1", call.callId())
                .map(Children::child)
                .orElseThrow();
    }

    private static Child child(Row row) {
        return new Child(
                row.getString("session_id"),
                row.getString("role"),
                row.getString("task_id"),
                row.getString("parent_call_id"),
                row.getString("subagent"),
                Set.of(row.getArrayOfStrings("tools")),
                row.getString("project"),
                row.getBoolean("open"));
    }
}
