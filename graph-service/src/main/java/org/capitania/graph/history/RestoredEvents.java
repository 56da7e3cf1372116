package org.capitania.graph.history;

import io.vertx.sqlclient.Row;
import java.util.UUID;
import org.capitania.contract.Topics;
import org.capitania.contract.event.StatusChanged;
import org.capitania.contract.event.TaskAssigned;
import org.capitania.graph.mutation.SemanticEvents;
import org.capitania.servicekit.Tx;

/** Tells of what a rollback has put back as a batch tells of what it moves: stages of engagements, statuses of features, drivers of tasks. */
final class RestoredEvents {
    private static final String MOVED = """
            SELECT n.id, n.type, n.slug, b.row->>'status' AS before, n.status AS after
              FROM history_nodes AS h
              JOIN nodes AS n ON n.tenant_id = h.tenant_id AND n.id = h.id
             CROSS JOIN LATERAL (
                   SELECT p.row FROM history_nodes AS p
                    WHERE p.tenant_id = h.tenant_id AND p.id = h.id AND p.recorded_at < h.recorded_at ORDER BY p.recorded_at DESC LIMIT 1) AS b
             WHERE h.tenant_id = $1 AND h.mutation_id = $2 AND n.type IN ('engagement', 'feature')
               AND n.status IS NOT NULL AND n.status IS DISTINCT FROM b.row->>'status'
             ORDER BY n.id
            """;
    private static final String DRIVEN = """
            SELECT t.id, t.slug, w.id AS who, w.slug AS who_slug
              FROM history_edges AS h
              JOIN nodes AS t ON t.tenant_id = h.tenant_id AND t.id = h.from_id
              JOIN nodes AS w ON w.tenant_id = h.tenant_id AND w.id = h.to_id
             WHERE h.tenant_id = $1 AND h.mutation_id = $2 AND h.type = 'driven_by' AND h.op = 'update' AND h.valid_to IS NULL AND t.type = 'task'
             ORDER BY h.id
            """;

    private RestoredEvents() {}

    /** Appends them in the transaction of the rollback, which is the mutation {@code undo}. */
    static void publish(Tx tx, UUID undo) {
        String tenant = tx.scope().tenant();
        for (Row row : tx.query(MOVED, tenant, undo)) {
            boolean feature = row.getString("type").equals("feature");
            String type = feature ? StatusChanged.FEATURE_STATUS : StatusChanged.ENGAGEMENT_STAGE;
            String id = row.getUUID("id").toString();
            String after = row.getString("after");
            tx.publishTo(
                    Topics.of(type),
                    type,
                    id,
                    feature ? after : null,
                    new StatusChanged(id, row.getString("slug"), row.getString("before"), after));
        }
        for (Row row : tx.query(DRIVEN, tenant, undo)) {
            TaskAssigned event = SemanticEvents.assigned(
                    row.getUUID("id"), row.getString("slug"), row.getUUID("who"), row.getString("who_slug"));
            tx.publishTo(Topics.of(TaskAssigned.TYPE), TaskAssigned.TYPE, event.taskId(), event.assignee(), event);
        }
    }
}
