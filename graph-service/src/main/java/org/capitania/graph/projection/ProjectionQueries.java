package org.capitania.graph.projection;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.Projection;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;

/** Reads projections. */
@ApplicationScoped
class ProjectionQueries {
    private final Sql sql;

    ProjectionQueries(Sql sql) {
        this.sql = sql;
    }

    Projection.All all(Scope scope) {
        return sql.tx(scope, tx -> {
            List<Projection.Refreshed> all = new ArrayList<>();
            for (ProjectionTable projection : ProjectionTable.values()) {
                all.add(state(tx, projection));
            }
            return new Projection.All(all);
        });
    }

    Projection page(Scope scope, ProjectionTable projection, int from, int limit) {
        return sql.tx(scope, tx -> {
            List<JsonNode> items = new ArrayList<>();
            for (Row row : tx.query(projection.page, (long) limit, (long) from)) {
                items.add(Json.read(row.getString("row"), JsonNode.class));
            }
            Projection.Refreshed state = state(tx, projection);
            boolean more = from + items.size() < state.rows();
            return new Projection(
                    projection.wireName(),
                    state.refreshedAt(),
                    items,
                    more ? Integer.toString(from + items.size()) : null);
        });
    }

    private static Projection.Refreshed state(Tx tx, ProjectionTable projection) {
        return tx.one("SELECT refreshed_at, rows, changed FROM projections WHERE name = $1", projection.wireName())
                .map(row -> new Projection.Refreshed(
                        projection.wireName(),
                        Times.instantOrNull(row, "refreshed_at"),
                        row.getLong("rows"),
                        row.getLong("changed")))
                .orElseGet(() -> new Projection.Refreshed(projection.wireName(), null, 0, 0));
    }
}
