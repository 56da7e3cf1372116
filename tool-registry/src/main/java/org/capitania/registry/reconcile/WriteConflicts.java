package org.capitania.registry.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capitania.contract.api.FiguresView.WriteConflict;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;

/**
 * Nodes that agents changed in two tasks within the hour (chapter 37 of the seeds), as the ledger's calls tell. Whoever made a node is not
 * counted: what is handed on is changed by the next one rightly. Nor is the brief: whoever writes it again writes the day's one memo.
 */
@ApplicationScoped
public class WriteConflicts {
    private static final Duration CLOSE = Duration.ofHours(1);
    private static final int MOST = 20_000;

    private static final String WRITES = """
            SELECT output ->> 'id' AS target, call_id, actor, coalesce(task_id, call_id) AS task, finished_at
              FROM calls
             WHERE started_at >= $1 AND status = 'done' AND audit_event_id IS NOT NULL AND starts_with(actor, 'agent:')
               AND tool <> 'hq_brief' AND output ->> 'id' IS NOT NULL AND output ->> 'created' IS DISTINCT FROM 'true'
             ORDER BY started_at DESC LIMIT $2
            """;

    private record Write(String target, String callId, String actor, String task, Instant at) {}

    private final Sql sql;
    private final Graph graph;

    WriteConflicts(Sql sql, Graph graph) {
        this.sql = sql;
        this.graph = graph;
    }

    /** Those since a time, the latest first. */
    public List<WriteConflict> since(Scope scope, Instant since) {
        Map<String, List<Write>> byTarget = new LinkedHashMap<>();
        sql.read(scope, tx -> {
                    List<Write> writes = new ArrayList<>();
                    tx.query(WRITES, Times.db(since), MOST)
                            .forEach(row -> writes.add(new Write(
                                    row.getString("target"),
                                    row.getString("call_id"),
                                    row.getString("actor"),
                                    row.getString("task"),
                                    Times.instant(row, "finished_at"))));
                    return writes.reversed();
                })
                .forEach(write -> byTarget.computeIfAbsent(write.target(), t -> new ArrayList<>())
                        .add(write));
        List<WriteConflict> conflicts = new ArrayList<>();
        byTarget.forEach((target, writes) -> {
            List<Write> crossing = crossing(writes);
            if (!crossing.isEmpty()) {
                conflicts.add(new WriteConflict(
                        target,
                        graph.detail(scope, target)
                                .map(NodeView.Detail::node)
                                .map(NodeView::title)
                                .orElse(target),
                        crossing.stream().map(Write::callId).toList(),
                        crossing.stream()
                                .map(write -> Call.role(write.actor()))
                                .distinct()
                                .toList(),
                        crossing.getLast().at()));
            }
        });
        return conflicts.stream().sorted((a, b) -> b.at().compareTo(a.at())).toList();
    }

    /** Of one node's writes, in order, those next to one of another task that is close to it. */
    private static List<Write> crossing(List<Write> writes) {
        List<Write> crossing = new ArrayList<>();
        for (int i = 1; i < writes.size(); i++) {
            Write before = writes.get(i - 1);
            Write write = writes.get(i);
            if (!before.task().equals(write.task()) && !before.at().plus(CLOSE).isBefore(write.at())) {
                if (!crossing.contains(before)) {
                    crossing.add(before);
                }
                crossing.add(write);
            }
        }
        return crossing;
    }
}
