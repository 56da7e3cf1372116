package org.capitania.graph.load;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.api.LoadReport;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;

/** What is known of each file: how far it is in, and what it calls its nodes. */
@ApplicationScoped
class LoadStore {
    private static final String COLUMNS =
            "id, key, lines, digest, nodes, edges, found, started_at, updated_at, finished_at";
    private static final String BEGIN = """
            INSERT INTO loads (id, actor, key, reason, digest) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, actor, key) DO NOTHING
            """;
    private static final String FINISH = """
            UPDATE loads SET finished_at = clock_timestamp(), updated_at = clock_timestamp(), lines = $2, digest = $3
             WHERE id = $1 AND finished_at IS NULL
            """;

    private final Sql sql;

    LoadStore(Sql sql) {
        this.sql = sql;
    }

    /** A load as it stands. */
    record Load(UUID id, String digest, LoadReport report) {}

    Load begin(Scope scope, UUID id, String key, String digest) {
        sql.run(scope, tx -> tx.execute(BEGIN, id, scope.actor(), key, scope.reason(), digest));
        return find(scope, key).orElseThrow();
    }

    Optional<Load> find(Scope scope, String key) {
        return sql.tx(
                scope,
                tx -> tx.one("SELECT " + COLUMNS + " FROM loads WHERE actor = $1 AND key = $2", scope.actor(), key)
                        .map(LoadStore::load));
    }

    Map<String, String> refs(Scope scope, UUID load, String[] names) {
        Map<String, String> ids = new HashMap<>();
        if (names.length > 0) {
            sql.tx(scope, tx -> tx.query("SELECT ref, node_id FROM refs_of_load($1, $2)", load, names))
                    .forEach(row ->
                            ids.put(row.getString("ref"), row.getUUID("node_id").toString()));
        }
        return ids;
    }

    void finish(Scope scope, UUID load, long lines, String digest) {
        sql.run(scope, tx -> {
            tx.execute(FINISH, load, lines, digest);
            tx.execute("DELETE FROM load_refs WHERE load_id = $1", load);
        });
    }

    int backlog(Scope scope, int most) {
        return sql.tx(
                scope,
                tx -> tx.one("SELECT outbox_backlog($1) AS waiting", most)
                        .orElseThrow()
                        .getInteger("waiting"));
    }

    void lookAtSizes(Scope scope) {
        sql.run(scope, tx -> tx.execute("SELECT look_at_sizes()"));
    }

    private static Load load(Row row) {
        return new Load(
                row.getUUID("id"),
                row.getString("digest"),
                new LoadReport(
                        row.getString("key"),
                        row.getLong("lines"),
                        row.getLong("nodes"),
                        row.getLong("edges"),
                        row.getLong("found"),
                        row.getValue("finished_at") != null,
                        Times.instant(row, "started_at"),
                        Times.instant(row, "updated_at")));
    }
}
