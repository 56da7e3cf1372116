package org.capitania.testkit;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.capitania.embedded.Ports;
import org.capitania.embedded.postgres.EmbeddedPostgres;
import org.capitania.embedded.postgres.PostgresBootstrap;

/**
 * A real PostgreSQL with the fleet's roles and schemas, one a test JVM; it and its data are gone when the JVM is, however
 * it ends. It is the embedded one, or with {@code -Pcontainers} the image of {@code deploy/postgres}.
 *
 * @param database the database that is bootstrapped
 */
public record TestPostgres(
        String host, int port, String database, String superuserPassword, Map<String, String> passwords) {
    private static final AtomicInteger FRESH = new AtomicInteger();

    /** The server of this JVM, started by the first call. */
    public static TestPostgres shared() {
        return SharedState.once(
                "postgres",
                TestPostgres.class,
                () -> Containers.wanted() ? PostgresContainer.start() : start().postgres());
    }

    /** A server of one's own, and what its roles connect with. */
    record Started(TestPostgres postgres, EmbeddedPostgres server) {}

    /** Starts a further server; it ends with this JVM. */
    static Started start() {
        Path directory = SharedState.serverDirectory("postgres");
        String superuser = PostgresBootstrap.randomPassword(new SecureRandom());
        Map<String, String> passwords = PostgresBootstrap.randomPasswords();
        EmbeddedPostgres server = new EmbeddedPostgres(
                directory.resolve("server"), directory.resolve("postgres.log"), Ports.free(), superuser);
        server.start();
        server.endWithThisProcess(directory);
        PostgresBootstrap.run(server, "capitania", passwords);
        return new Started(new TestPostgres("127.0.0.1", server.port(), "capitania", superuser, passwords), server);
    }

    /** The same server with another database, bootstrapped and empty: for a test that cannot share. */
    public TestPostgres freshDatabase() {
        String name = "capitania_" + ProcessHandle.current().pid() + "_" + FRESH.incrementAndGet();
        try (Connection admin = connect();
                var statement = admin.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
            TestPostgres fresh = new TestPostgres(host, port, name, superuserPassword, passwords);
            try (Connection connection = fresh.connect()) {
                PostgresBootstrap.run(connection, passwords);
            }
            return fresh;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public String password(String role) {
        String password = passwords.get(role);
        if (password == null) {
            throw new IllegalArgumentException("no role is called " + role + "; there are " + passwords.keySet());
        }
        return password;
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    /** A connection as the superuser, whom no policy binds. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), EmbeddedPostgres.SUPERUSER, superuserPassword);
    }

    /** A connection as one of the fleet's roles, for example {@code graph}, {@code graph_owner} or {@code graph_relay}. */
    public Connection connectAs(String role) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), role, password(role));
    }
}
