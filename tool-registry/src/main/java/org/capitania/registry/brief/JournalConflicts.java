package org.capitania.registry.brief;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.capitania.registry.graph.Graph;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;

/** By the journal of calls: what was changed, not just made, by two actors or for two tasks. */
@ApplicationScoped
class JournalConflicts implements WriteConflicts {
    private static final int MOST = 100;

    private final Sql sql;
    private final Graph graph;

    JournalConflicts(Sql sql, Graph graph) {
        this.sql = sql;
        this.graph = graph;
    }

    @Override
    public List<WriteConflict> since(String tenant, Instant from) {
        Scope scope = Scope.of(tenant, "system:tool-registry", "what was written twice");
        return sql.read(scope, tx -> found(tx, from)).stream()
                .map(conflict -> graph.detail(scope, conflict.target())
                        .map(detail -> new WriteConflict(
                                conflict.target(),
                                detail.node().title(),
                                conflict.calls(),
                                conflict.actors(),
                                conflict.at()))
                        .orElse(conflict))
                .toList();
    }

    private static List<WriteConflict> found(Tx tx, Instant from) {
        List<WriteConflict> all = new ArrayList<>();
        tx.query("""
                        SELECT target, array_agg(call_id ORDER BY started_at, call_id) AS calls,
                               array_agg(DISTINCT actor ORDER BY actor) AS actors, max(started_at) AS at
                          FROM (SELECT call_id, actor, task_id, started_at, coalesce(output ->> 'id', input ->> 'path') AS target
                                  FROM calls
                                 WHERE started_at >= $1 AND status = 'done' AND tool <> 'hq_brief'
                                   AND (audit_event_id IS NOT NULL OR tool IN ('file_write', 'file_edit'))
                                   AND (output ->> 'created') IS DISTINCT FROM 'true') AS writes
                         WHERE target IS NOT NULL
                         GROUP BY target
                        HAVING count(DISTINCT actor) > 1 OR count(DISTINCT coalesce(task_id, actor)) > 1
                         ORDER BY max(started_at) DESC, target LIMIT $2
                        """, Times.db(from), MOST).forEach(row -> all.add(read(row)));
        return all;
    }

    private static WriteConflict read(Row row) {
        String target = row.getString("target");
        return new WriteConflict(
                target,
                target,
                List.of(row.getArrayOfStrings("calls")),
                List.of(row.getArrayOfStrings("actors")),
                Times.instant(row, "at"));
    }
}
