package org.capitania.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capitania.embedded.Ports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBootstrapIT {
    @TempDir
    static Path dir;

    private static final Map<String, String> PASSWORDS = PostgresBootstrap.randomPasswords();
    private static EmbeddedPostgres server;

    @BeforeAll
    static void start() throws Exception {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        server = new EmbeddedPostgres(dir.resolve("postgres"), dir.resolve("log"), Ports.free(), "secret");
        server.start();
        server.endWithThisProcess();
        PostgresBootstrap.run(server, "capitania", PASSWORDS);
        PostgresBootstrap.run(server, "capitania", PASSWORDS);
        as("graph_owner", """
                CREATE TABLE notes (tenant_id text NOT NULL DEFAULT current_setting('hq.tenant'), id int, body text, PRIMARY KEY (tenant_id, id));
                ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
                CREATE POLICY owner ON notes TO graph_owner USING (true) WITH CHECK (true);
                CREATE POLICY service ON notes TO graph
                  USING (tenant_id = current_setting('hq.tenant')) WITH CHECK (tenant_id = current_setting('hq.tenant'));
                CREATE POLICY reader ON notes TO graph_reader USING (true);
                INSERT INTO notes VALUES ('main', 1, 'ours'), ('other', 2, 'theirs');
                CREATE TABLE log (tenant_id text NOT NULL, at date NOT NULL, body text) PARTITION BY RANGE (at);
                CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
                CREATE TABLE log_2027 (tenant_id text NOT NULL, at date NOT NULL, body text);
                ALTER TABLE log ATTACH PARTITION log_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
                """);
    }

    @AfterAll
    static void stop() {
        server.deleteData();
    }

    private static List<String> as(String role, String sql) throws SQLException {
        try (Connection c = DriverManager.getConnection(server.jdbcUrl("capitania"), role, PASSWORDS.get(role));
                Statement s = c.createStatement()) {
            List<String> values = new ArrayList<>();
            boolean rows = s.execute(sql);
            while (rows && s.getResultSet().next()) {
                values.add(s.getResultSet().getString(1));
            }
            return values;
        }
    }

    private static List<String> asSuperuser(String sql) throws SQLException {
        try (Connection c = server.connect("capitania");
                Statement s = c.createStatement();
                var rows = s.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    private static List<String> asTenant(String tenant, String sql) throws SQLException {
        try (Connection c = DriverManager.getConnection(server.jdbcUrl("capitania"), "graph", PASSWORDS.get("graph"));
                Statement s = c.createStatement()) {
            s.execute("SET hq.tenant = '" + tenant + "'");
            List<String> values = new ArrayList<>();
            try (var rows = s.executeQuery(sql)) {
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
            }
            return values;
        }
    }

    @Test
    void shouldGiveNoRoleAWayAroundRowLevelSecurity() throws Exception {
        assertThat(asSuperuser("""
                SELECT rolname FROM pg_roles
                WHERE (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication) AND rolname !~ '^pg_'
                """)).containsExactly("postgres");
        assertThat(asTenant("main", "SELECT body FROM notes")).containsExactly("ours");
        assertThat(asTenant("other", "SELECT body FROM notes")).containsExactly("theirs");
        assertThatThrownBy(() -> as("graph", "SET ROLE graph_owner")).hasMessageContaining("permission denied");
        assertThatThrownBy(() -> as("graph", "SET ROLE graph_reader")).hasMessageContaining("permission denied");
        assertThatThrownBy(() -> as("graph", "ALTER TABLE notes DISABLE ROW LEVEL SECURITY"))
                .hasMessageContaining("must be owner");
        assertThatThrownBy(() -> as("graph", "SET hq.tenant = 'main'; INSERT INTO notes VALUES ('other', 3, 'x')"))
                .hasMessageContaining("row-level security");
    }

    @Test
    void shouldGrantNothingOnPartitionsByName() throws Exception {
        as("graph", "SELECT body FROM log");
        for (String partition : List.of("log_2026", "log_2027")) {
            assertThatThrownBy(() -> as("graph", "SELECT body FROM " + partition))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void shouldNeverGrantTruncateNorAnythingToTheRelayUnasked() {
        assertThatThrownBy(() -> as("graph", "TRUNCATE notes")).hasMessageContaining("permission denied");
        assertThatThrownBy(() -> as("graph_relay", "SELECT * FROM notes")).hasMessageContaining("permission denied");
    }

    @Test
    void shouldKeepEachServiceToItsSchema() throws Exception {
        assertThat(as("graph", "SELECT current_schema()")).containsExactly("graph");
        assertThatThrownBy(() -> as("ledger", "SELECT * FROM graph.notes")).hasMessageContaining("permission denied");
        assertThatThrownBy(() -> as("graph", "CREATE TABLE graph.mine ()")).hasMessageContaining("permission denied");
        assertThatThrownBy(() -> as("graph", "CREATE TABLE public.mine ()")).hasMessageContaining("permission denied");
        assertThatThrownBy(() -> as("graph", "CREATE TEMP TABLE mine ()")).hasMessageContaining("permission denied");
    }

    @Test
    void shouldLetTheOwnerHandAViewToTheReader() throws Exception {
        as("graph_owner", """
                GRANT SELECT ON notes TO graph_reader;
                CREATE VIEW v_notes AS SELECT * FROM notes WHERE tenant_id = current_setting('hq.tenant');
                ALTER VIEW v_notes OWNER TO graph_reader;
                SET ROLE graph_reader;
                GRANT SELECT ON v_notes TO graph;
                """);
        assertThat(asTenant("other", "SELECT body FROM v_notes WHERE body ILIKE '%their%'"))
                .containsExactly("theirs");
    }

    @Test
    void shouldSearchVectorsByAnHnswIndex() throws Exception {
        as("graph_owner", """
                CREATE TABLE points (id int PRIMARY KEY, at vector(3));
                INSERT INTO points SELECT i, ARRAY[i, i % 7, 1]::vector FROM generate_series(1, 500) i;
                CREATE INDEX points_hnsw ON points USING hnsw (at vector_l2_ops);
                """);
        assertThat(as("graph_owner", "SET enable_seqscan = off; SET enable_sort = off"))
                .isEmpty();
        try (Connection c = DriverManager.getConnection(
                        server.jdbcUrl("capitania"), "graph_owner", PASSWORDS.get("graph_owner"));
                Statement s = c.createStatement()) {
            s.execute("SET enable_seqscan = off");
            StringBuilder plan = new StringBuilder();
            try (var rows = s.executeQuery("EXPLAIN SELECT id FROM points ORDER BY at <-> '[42,0,1]' LIMIT 1")) {
                while (rows.next()) {
                    plan.append(rows.getString(1)).append('\n');
                }
            }
            assertThat(plan.toString()).contains("points_hnsw");
            try (var rows = s.executeQuery("SELECT id FROM points ORDER BY at <-> '[42,0,1]' LIMIT 1")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(42);
            }
        }
    }

    @Test
    void shouldRefuseAPasswordThatCouldLeaveItsQuotes() {
        assertThatThrownBy(() -> PostgresBootstrap.script(Map.of("graph_owner", "a'b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("graph_owner");
    }
}
