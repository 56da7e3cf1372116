package org.capitania.graph.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.HistoryEntry;
import org.capitania.contract.api.HistoryEntry.Change;
import org.capitania.contract.api.NodeView;
import org.capitania.graph.ExactJson;
import org.capitania.graph.node.Horizon;
import org.capitania.graph.node.NodeStore;
import org.capitania.graph.node.Ref;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/** A node's changes, each held against the version before it. */
@ApplicationScoped
class HistoryQueries {
    /** One row more than the page: the oldest of it needs the one before to differ from. */
    private static final String ROWS = """
            SELECT h.version, h.op, h.actor, h.reason, h.producer_id, h.mutation_id, h.recorded_at, unsealed(h.row)::text AS row
              FROM history_nodes AS h
             WHERE h.tenant_id = $1 AND h.id = $2 AND ($3::integer IS NULL OR h.version < $3)
             ORDER BY h.recorded_at DESC
             LIMIT $4
            """;

    private final Sql sql;
    private final NodeStore nodes;

    HistoryQueries(Sql sql, NodeStore nodes) {
        this.sql = sql;
        this.nodes = nodes;
    }

    HistoryEntry.Page of(Scope scope, String ref, @Nullable Integer before, int limit) {
        return sql.tx(scope, tx -> {
            NodeView.Brief node = nodes.brief(tx, ref).orElseThrow(() -> Ref.notFound(ref));
            List<Row> rows = new ArrayList<>();
            tx.query(ROWS, scope.tenant(), UUID.fromString(node.id()), before, limit + 1)
                    .forEach(rows::add);
            List<HistoryEntry> items = new ArrayList<>();
            Instant knownSince = Horizon.of(tx);
            for (int i = 0; i < Math.min(limit, rows.size()); i++) {
                items.add(entry(rows.get(i), i + 1 < rows.size() ? rows.get(i + 1) : null));
            }
            Integer next = rows.size() > limit ? (Integer) items.getLast().version() : null;
            return new HistoryEntry.Page(node, items, next, knownSince);
        });
    }

    private static HistoryEntry entry(Row row, @Nullable Row before) {
        UUID mutation = row.getUUID("mutation_id");
        return new HistoryEntry(
                row.getInteger("version"),
                row.getString("op"),
                row.getString("actor"),
                row.getString("reason"),
                row.getUUID("producer_id").toString(),
                mutation == null ? null : mutation.toString(),
                Times.instant(row, "recorded_at"),
                changes(row, before));
    }

    /** What is kept before a gap is not the version before: what this one changed is not known any more. */
    private static List<Change> changes(Row row, @Nullable Row before) {
        int version = row.getInteger("version");
        if (version == 1) {
            return Difference.between(Json.MAPPER.createObjectNode(), row(row));
        }
        return before == null || before.getInteger("version") != version - 1
                ? List.of()
                : Difference.between(row(before), row(row));
    }

    private static ObjectNode row(Row row) {
        return ExactJson.object(row.getString("row"));
    }
}
