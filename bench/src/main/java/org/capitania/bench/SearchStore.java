package org.capitania.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;

/** A store of its own, with the schema of graph-service, filled with tenants {@code t0…}; gone afterwards. */
final class SearchStore implements AutoCloseable {
    static final String MODEL = "bench";
    private static final int BATCH = 500;

    private final BenchPostgres server = new BenchPostgres();
    private final Vertx vertx = Vertx.vertx();
    private final PgConnection client;

    /**
     * @param embedded how many nodes of each tenant have a vector
     * @param nodes how many it has in all
     */
    SearchStore(SearchData data, int tenants, int embedded, int nodes) throws SQLException {
        Flyway.configure()
                .dataSource(server.jdbcUrl(), "graph_owner", server.password("graph_owner"))
                .defaultSchema("graph")
                .schemas("graph")
                .createSchemas(false)
                .placeholders(Map.of("schema", "graph"))
                .locations("db/outbox", "db/migration")
                .load()
                .migrate();
        for (int tenant = 0; tenant < tenants; tenant++) {
            fill(data, "t" + tenant, embedded, nodes);
        }
        server.execute("VACUUM ANALYZE");
        client = await(PgConnection.connect(
                vertx,
                new PgConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(server.port())
                        .setDatabase(BenchPostgres.DATABASE)
                        .setUser("graph")
                        .setPassword(server.password("graph"))));
    }

    /** One statement in a transaction of the tenant, as the service runs it. */
    RowSet<Row> search(String tenant, String statement, Object[] args) {
        await(client.query("BEGIN").execute());
        await(client.preparedQuery(
                        "SELECT set_config('hq.tenant', $1, true), set_config('hnsw.iterative_scan', 'strict_order', true),"
                                + " set_config('hnsw.ef_search', '120', true)")
                .execute(Tuple.of(tenant)));
        RowSet<Row> rows = await(client.preparedQuery(statement).execute(Tuple.from(args)));
        await(client.query("COMMIT").execute());
        return rows;
    }

    /** The id of the server process that works for {@link #search}. */
    int worker() {
        return client.processId();
    }

    /** Without the triggers of history and events, which have their own benchmark; the indexes are filled row by row, as they always are. */
    private void fill(SearchData data, String tenant, int embedded, int nodes) throws SQLException {
        System.err.println("bench: " + nodes + " nodes of " + tenant);
        try (Connection admin = server.connect();
                Statement statement = admin.createStatement()) {
            admin.setAutoCommit(false);
            statement.execute("SET search_path = graph, public");
            statement.execute("SET session_replication_role = replica");
            statement.execute("SELECT set_config('hq.tenant', '" + tenant + "', false)");
            statement.execute("SELECT make_embeddings_partition()");
            statement.execute("INSERT INTO embedding_models (model, dimensions, state) VALUES ('" + MODEL + "', "
                    + SearchData.DIMENSIONS + ", 'current')");
            UUID root = id(data);
            try (PreparedStatement node = admin.prepareStatement("""
                            INSERT INTO nodes (id, type, slug, status, props, tags, producer_id, language, valid_from, version, created_at, updated_at, recorded_at)
                            VALUES (?, ?, ?, 'open', jsonb_build_object('title', ?::text, 'body_md', ?::text), ?::text[], ?, 'en', now(), 1, now(), now(), now())""");
                    PreparedStatement vector = admin.prepareStatement("""
                            INSERT INTO embeddings (model, node_id, dimensions, text_hash, vector) VALUES (?, ?, ?, '', ?::public.vector)""")) {
                for (int i = 0; i < nodes; i++) {
                    UUID id = i == 0 ? root : id(data);
                    set(
                            node,
                            id,
                            i == 0 ? "producer" : "memo",
                            "node-" + i,
                            data.text(5),
                            data.text(60),
                            SearchData.tags(i),
                            root);
                    if (i < embedded) {
                        set(vector, MODEL, id, SearchData.DIMENSIONS, data.vector());
                    }
                    if (i % BATCH == BATCH - 1 || i == nodes - 1) {
                        node.executeBatch();
                        vector.executeBatch();
                    }
                }
            }
            admin.commit();
        }
    }

    private static UUID id(SearchData data) {
        return new UUID(((long) data.below(1 << 30) << 32) | 0x7000, data.below(1 << 30));
    }

    private static void set(PreparedStatement statement, Object... args) throws SQLException {
        for (int i = 0; i < args.length; i++) {
            statement.setObject(i + 1, args[i]);
        }
        statement.addBatch();
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    @Override
    public void close() {
        await(client.close());
        await(vertx.close());
        server.close();
    }
}
