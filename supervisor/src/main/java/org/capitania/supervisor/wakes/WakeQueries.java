package org.capitania.supervisor.wakes;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.RunView;
import org.capitania.contract.api.WakeView;
import org.capitania.contract.api.WakeView.TaskView;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Wakes and runs as people and the watchdog see them, newest first. */
@ApplicationScoped
class WakeQueries {
    private final Sql sql;

    WakeQueries(Sql sql) {
        this.sql = sql;
    }

    WakeView.Page wakes(Scope scope, @Nullable String role, @Nullable String state, int limit) {
        return sql.tx(scope, tx -> {
            List<Row> rows = rows(tx.query("""
                    SELECT wake_id, role, state, reason, held_reason, attempt, run_id, fence, opened_at, not_before, ended_at
                    FROM wakes WHERE ($1::text IS NULL OR role = $1) AND ($2::text IS NULL OR state = $2)
                    ORDER BY opened_at DESC, wake_id DESC LIMIT $3
                    """, role, state, limit));
            Map<UUID, List<TaskView>> tasks =
                    tasks(tx, rows.stream().map(row -> row.getUUID("wake_id")).toArray(UUID[]::new));
            return new WakeView.Page(rows.stream()
                    .map(row -> wake(row, tasks.getOrDefault(row.getUUID("wake_id"), List.of())))
                    .toList());
        });
    }

    RunView.Page runs(Scope scope, @Nullable String role, @Nullable String state, int limit) {
        return sql.tx(
                scope,
                tx -> new RunView.Page(rows(tx.query("""
                                SELECT r.run_id, r.wake_id, r.role, r.state, r.fence, r.attempt, r.instance, r.created_at, r.claimed_at,
                                       r.last_heartbeat_at, r.progress_at, r.steps, l.expires_at, r.ended_at, r.reason, r.stop_requested
                                FROM runs r LEFT JOIN leases l ON l.tenant_id = r.tenant_id AND l.run_id = r.run_id
                                WHERE ($1::text IS NULL OR r.role = $1) AND ($2::text IS NULL OR r.state = $2)
                                ORDER BY r.created_at DESC, r.run_id DESC LIMIT $3
                                """, role, state, limit)).stream()
                        .map(WakeQueries::run)
                        .toList()));
    }

    private static Map<UUID, List<TaskView>> tasks(Tx tx, UUID[] wakes) {
        Map<UUID, List<TaskView>> tasks = new HashMap<>();
        for (Row row : tx.query("""
                SELECT t.wake_id, t.task_id, t.conversation_id, t.state, t.attempts, t.tainted, t.not_before, t.person, t.reason,
                       (SELECT count(*)::int FROM task_events e WHERE e.tenant_id = t.tenant_id AND e.task_id = t.task_id) AS events
                FROM tasks t WHERE t.wake_id = ANY($1) ORDER BY t.opened_at, t.task_id
                """, (Object) wakes)) {
            tasks.computeIfAbsent(row.getUUID("wake_id"), id -> new ArrayList<>())
                    .add(task(row));
        }
        return tasks;
    }

    private static TaskView task(Row row) {
        return new TaskView(
                row.getUUID("task_id").toString(),
                row.getString("conversation_id"),
                row.getString("state"),
                row.getInteger("attempts"),
                row.getBoolean("tainted"),
                row.getInteger("events"),
                Times.instantOrNull(row, "not_before"),
                row.getString("person"),
                row.getString("reason"));
    }

    private static WakeView wake(Row row, List<TaskView> tasks) {
        Long fence = row.getLong("fence");
        return new WakeView(
                row.getUUID("wake_id").toString(),
                row.getString("role"),
                row.getString("state"),
                row.getString("reason"),
                row.getString("held_reason"),
                row.getInteger("attempt"),
                text(row.getUUID("run_id")),
                fence == null ? 0 : fence,
                Times.instant(row, "opened_at"),
                Times.instantOrNull(row, "not_before"),
                Times.instantOrNull(row, "ended_at"),
                tasks);
    }

    private static RunView run(Row row) {
        return new RunView(
                row.getUUID("run_id").toString(),
                row.getUUID("wake_id").toString(),
                row.getString("role"),
                row.getString("state"),
                row.getLong("fence"),
                row.getInteger("attempt"),
                row.getString("instance"),
                Times.instant(row, "created_at"),
                Times.instantOrNull(row, "claimed_at"),
                Times.instantOrNull(row, "last_heartbeat_at"),
                Times.instantOrNull(row, "progress_at"),
                row.getLong("steps"),
                Times.instantOrNull(row, "expires_at"),
                Times.instantOrNull(row, "ended_at"),
                row.getString("reason"),
                row.getString("stop_requested"));
    }

    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }

    private static List<Row> rows(Iterable<Row> set) {
        List<Row> rows = new ArrayList<>();
        set.forEach(rows::add);
        return rows;
    }
}
