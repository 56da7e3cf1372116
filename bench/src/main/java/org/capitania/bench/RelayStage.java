package org.capitania.bench;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.capitania.contract.Service;
import org.capitania.contract.Topics;
import org.capitania.embedded.postgres.PostgresBootstrap;
import org.flywaydb.core.Flyway;

/**
 * A server with one outbox and a broker, both of their own and as {@code hq up} sets them, but for logical decoding, which only the peer
 * needs; gone afterwards.
 */
final class RelayStage implements AutoCloseable {
    static final String SCHEMA = Service.WATCHDOG.schema();
    static final String OUR_TOPIC = "hq.task";
    static final String PEER_TOPIC = "peer.task";

    private static final String TABLES = """
            CREATE TABLE counter (key text PRIMARY KEY, n bigint NOT NULL);
            GRANT ALL ON counter TO %1$s;
            CREATE FUNCTION next_event(k text, words text) RETURNS bigint LANGUAGE sql AS $$
                WITH counted AS (INSERT INTO counter AS c (key, n) VALUES (k, 1) ON CONFLICT (key) DO UPDATE SET n = c.n + 1 RETURNING n),
                     told AS (SELECT n, outbox_append('hq.task', 'task.counted', k, jsonb_build_object('n', n, 'title', 'Invoice ' || n, 'text', words), k) FROM counted)
                SELECT n FROM told WHERE outbox_append IS NOT NULL;
            $$;
            """;

    /** May decode the log, which takes a superuser or a role with REPLICATION and the tables. */
    private static final String PEER_ROLE = "peer";

    // A peer that is held does not answer.
    private final BenchFleet fleet = new BenchFleet("wal_level = logical", "wal_sender_timeout = 0");
    private final BenchPostgres server = fleet.postgres();
    private final String peerPassword = PostgresBootstrap.randomPassword(new SecureRandom());
    private final Connection admin;

    RelayStage() throws SQLException {
        Flyway.configure()
                .dataSource(server.jdbcUrl(), SCHEMA + "_owner", password(SCHEMA + "_owner"))
                .defaultSchema(SCHEMA)
                .schemas(SCHEMA)
                .createSchemas(false)
                .placeholders(Map.of("schema", SCHEMA))
                .locations("db/outbox")
                .load()
                .migrate();
        admin = server.connect();
        try (Statement statement = admin.createStatement()) {
            statement.execute("SET search_path = " + SCHEMA + ", public");
            statement.execute(TABLES.formatted(SCHEMA));
            statement.execute("CREATE ROLE " + PEER_ROLE + " SUPERUSER LOGIN PASSWORD '" + peerPassword + "'");
        }
        try (Admin kafka = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            kafka.createTopics(List.of(new NewTopic(PEER_TOPIC, Topics.PARTITIONS, (short) 1)))
                    .all()
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the peer's topic cannot be made", e);
        }
    }

    Path directory() {
        return server.directory();
    }

    int port() {
        return server.port();
    }

    String bootstrap() {
        return fleet.bootstrap();
    }

    String peerRole() {
        return PEER_ROLE;
    }

    String peerPassword() {
        return peerPassword;
    }

    String password(String role) {
        return server.password(role);
    }

    /** A connection of the service, whose statements are of one tenant. */
    Connection service() throws SQLException {
        Connection connection = DriverManager.getConnection(server.jdbcUrl(), SCHEMA, password(SCHEMA));
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = " + SCHEMA + ", public");
            statement.execute(
                    "SELECT set_config('hq.tenant', 'main', false), set_config('hq.actor', 'system:bench', false)");
        }
        return connection;
    }

    /** Appends the next event of a key, numbered under the lock of the key's row; returns its number. */
    static long append(Connection connection, String key) throws SQLException {
        try (PreparedStatement next = connection.prepareStatement("SELECT next_event(?, repeat(md5(?), 8))")) {
            next.setString(1, key);
            next.setString(2, key);
            try (ResultSet row = next.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** So many rows, each in a transaction of its own; without waiting for the disk, which is not what is measured. */
    void fill(int rows, int keys) throws SQLException {
        try (Connection connection = service();
                Statement statement = connection.createStatement()) {
            statement.execute("SET synchronous_commit = off");
            statement.execute("""
                    DO $$
                    DECLARE
                        k text;
                    BEGIN
                        FOR i IN 1..%d LOOP
                            k := 'key-' || i %% %d;
                            PERFORM next_event(k, repeat(md5(k), 8));
                            COMMIT;
                        END LOOP;
                    END $$
                    """.formatted(rows, keys));
        }
    }

    /** The last number of each key. */
    Map<String, Long> counters() throws SQLException {
        Map<String, Long> all = new HashMap<>();
        try (Statement statement = admin.createStatement();
                ResultSet rows = statement.executeQuery("SELECT key, n FROM " + SCHEMA + ".counter")) {
            while (rows.next()) {
                all.put(rows.getString(1), rows.getLong(2));
            }
        }
        return all;
    }

    /** The processes of the server that work for connections whose names are like this. */
    List<Long> workers(String applications) {
        List<Long> pids = new ArrayList<>();
        try (PreparedStatement query =
                admin.prepareStatement("SELECT pid FROM pg_stat_activity WHERE application_name LIKE ?")) {
            query.setString(1, applications);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    pids.add(rows.getLong(1));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return pids;
    }

    /** Whether none of these processes has a transaction open; one that stays so for a minute is ended. */
    boolean areIdle(String applications) {
        try (PreparedStatement query = admin.prepareStatement(
                "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE ? AND state LIKE 'idle in transaction%'")) {
            query.setString(1, applications);
            try (ResultSet rows = query.executeQuery()) {
                return !rows.next();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the peer decodes; what is written before is not for it. */
    boolean slotIsRead() {
        try (Statement statement = admin.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1 FROM pg_replication_slots WHERE active")) {
            return rows.next();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        fleet.close();
    }
}
