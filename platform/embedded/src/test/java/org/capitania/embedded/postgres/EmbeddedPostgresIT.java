package org.capitania.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.capitania.embedded.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
    @TempDir
    Path dir;

    @Test
    void shouldKeepAcknowledgedRowsWhenKilled() throws Exception {
        EmbeddedPostgres server =
                new EmbeddedPostgres(dir.resolve("postgres"), dir.resolve("postgres.log"), Ports.free(), "secret");
        server.start();
        server.endWithThisProcess();
        PostgresBootstrap.run(server, "capitania", PostgresBootstrap.randomPasswords());
        PostgresBootstrap.run(server, "capitania", PostgresBootstrap.randomPasswords());
        try (Connection c = server.connect("capitania");
                Statement s = c.createStatement()) {
            s.execute("CREATE TABLE t (id int)");
            s.execute("INSERT INTO t SELECT generate_series(1, 1000)");
        }
        ProcessHandle.of(server.pid().orElseThrow()).orElseThrow().destroyForcibly();
        server.start();
        try (Connection c = server.connect("capitania");
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("SELECT count(*) FROM t")) {
            r.next();
            assertThat(r.getInt(1)).isEqualTo(1000);
        }
        server.stop();
        assertThat(server.isRunning()).isFalse();
        server.deleteData();
    }
}
