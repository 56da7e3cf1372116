package org.capitania.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.capitania.embedded.Ports;
import org.capitania.embedded.postgres.EmbeddedPostgres;
import org.capitania.embedded.postgres.PostgresBootstrap;

/** A PostgreSQL of its own with the fleet's roles and settings, as durable as the fleet's; gone with its files afterwards. */
final class BenchPostgres implements AutoCloseable {
    static final String DATABASE = "capitania";

    private final EmbeddedPostgres server;
    private final Path directory;
    private final Map<String, String> passwords = PostgresBootstrap.randomPasswords();

    /** @param settings that this server has beyond the fleet's, for example {@code wal_level = logical} */
    BenchPostgres(String... settings) {
        try {
            directory = Files.createTempDirectory("capitania-bench-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = new EmbeddedPostgres(
                directory.resolve("server"), log(), Ports.free(), PostgresBootstrap.randomPassword(new SecureRandom()));
        server.start();
        if (settings.length > 0) {
            restartWith(settings);
        }
        server.endWithThisProcess(directory);
        PostgresBootstrap.run(server, DATABASE, passwords);
    }

    private void restartWith(String... settings) {
        try (Connection admin = server.connect("postgres");
                Statement statement = admin.createStatement()) {
            for (String setting : settings) {
                statement.execute("ALTER SYSTEM SET " + setting);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        server.stop();
        server.start();
    }

    /** Whose files are gone afterwards, too. */
    Path directory() {
        return directory;
    }

    Path log() {
        return directory.resolve("log");
    }

    int port() {
        return server.port();
    }

    /** The first process of the server, the parent of all others. */
    long pid() {
        return server.pid().orElseThrow();
    }

    String jdbcUrl() {
        return server.jdbcUrl(DATABASE);
    }

    String password(String role) {
        String password = passwords.get(role);
        if (password == null) {
            throw new IllegalArgumentException("there is no role " + role);
        }
        return password;
    }

    /** A connection as the superuser, whom no policy binds. */
    Connection connect() throws SQLException {
        return server.connect(DATABASE);
    }

    void execute(String sql) throws SQLException {
        try (Connection admin = connect();
                Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Does now what the server would do later about what has been written so far. */
    void settle() throws SQLException {
        execute("VACUUM (ANALYZE)");
        execute("CHECKPOINT");
    }

    /** The first column of the first row, a number. */
    long number(String sql) throws SQLException {
        try (Connection admin = connect();
                Statement statement = admin.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
