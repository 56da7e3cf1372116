package org.capitania.embedded.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.capitania.contract.Service;
import org.capitania.embedded.MachineProblem;

/**
 * The one script that makes roles, schemas and extensions ({@code bootstrap.sql}), the same for every installation;
 * running it again changes nothing but the passwords given.
 */
public final class PostgresBootstrap {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-z_]+)_password}");
    private static final Pattern PASSWORD = Pattern.compile("[A-Za-z0-9_-]+");

    private PostgresBootstrap() {}

    /** Every role that logs in: owner, service and relay of each schema. */
    public static List<String> roles() {
        return Stream.of(Service.values())
                .map(Service::schema)
                .flatMap(schema -> Stream.of(schema + "_owner", schema, schema + "_relay"))
                .toList();
    }

    /** A new random password for each role. */
    public static Map<String, String> randomPasswords() {
        SecureRandom random = new SecureRandom();
        Map<String, String> passwords = new LinkedHashMap<>();
        for (String role : roles()) {
            passwords.put(role, randomPassword(random));
        }
        return passwords;
    }

    /** A random password that can stand in a script, a URL and an environment variable. */
    public static String randomPassword(SecureRandom random) {
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Creates the database when it is absent, then runs the script in it. */
    public static void run(EmbeddedPostgres server, String database, Map<String, String> passwords) {
        try {
            try (Connection connection = server.connect("postgres")) {
                createDatabase(connection, database);
            }
            try (Connection connection = server.connect(database)) {
                run(connection, passwords);
            }
        } catch (SQLException e) {
            throw new MachineProblem(
                    MachineProblem.Kind.DID_NOT_START,
                    "the database could not be set up: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given"),
                    e);
        }
    }

    /** Runs the script in the connection's database, as the superuser the connection belongs to. */
    public static void run(Connection connection, Map<String, String> passwords) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(script(passwords));
        }
        connection.commit();
    }

    /** The script with the passwords in place; a role without one is an error. */
    public static String script(Map<String, String> passwords) {
        return PLACEHOLDER.matcher(template()).replaceAll(match -> {
            String role = match.group(1);
            String password = passwords.get(role);
            if (password == null || !PASSWORD.matcher(password).matches()) {
                throw new IllegalArgumentException("role " + role + " needs a password of letters, digits, _ and -");
            }
            return Matcher.quoteReplacement(password);
        });
    }

    private static String template() {
        try (InputStream in = PostgresBootstrap.class.getResourceAsStream("bootstrap.sql")) {
            if (in == null) {
                throw new IllegalStateException("bootstrap.sql is not on the classpath");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void createDatabase(Connection connection, String database) throws SQLException {
        try (var query = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
            query.setString(1, database);
            if (query.executeQuery().next()) {
                return;
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(database, true));
        }
    }
}
