package org.capitania.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.embedded.Ports;
import org.capitania.embedded.keys.TokenSigner;
import org.jspecify.annotations.Nullable;

/** A whole fleet of its own: a home in a temporary directory, free ports, the real launcher. One for all tests of this JVM. */
final class FleetUnderTest {
    static final String COMPANY_ADDRESS = "hello@marealta.example";

    /** What one call of {@code hq} answered. */
    record Answer(int exit, String out, String err) {
        JsonNode json() {
            return out.isBlank() ? MissingNode.getInstance() : Json.read(out, JsonNode.class);
        }

        JsonNode data() {
            return json().path("data");
        }

        JsonNode error() {
            JsonNode fromOut = json().path("error");
            return fromOut.isObject() ? fromOut : Json.read(err, JsonNode.class).path("error");
        }

        List<JsonNode> lines() {
            return out.lines()
                    .filter(l -> l.startsWith("{"))
                    .map(l -> Json.read(l, JsonNode.class))
                    .toList();
        }
    }

    private static final FleetUnderTest SHARED = new FleetUnderTest();

    private final Path root = checkout();
    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private FleetUnderTest() {
        try {
            home = Files.createTempDirectory("hq-e2e");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.put("HQ_HOME", home.toString());
        environment.put("HQ_NO_BUILD", "1");
        for (String name : List.of("POSTGRES", "KAFKA", "KAFKA_CONTROLLER", "SMTP")) {
            environment.put("HQ_" + name + "_PORT", String.valueOf(Ports.free()));
        }
        for (Service service : Service.values()) {
            environment.put(variable(service), String.valueOf(Ports.free()));
        }
        // A rotation or a brief in the middle of a test, since it is seven or three, is nobody's fault: here beats fire
        // when a test says so,
        // and on the next 29th of February.
        for (String beat : List.of(
                "CHIEF_BRIEF",
                "SESSION_ROTATION",
                "OPERATOR_NIGHT",
                "MEMORY_MIRROR",
                "MEMORY_TENDER",
                "OPERATOR_LEARNING")) {
            environment.put("HQ_ENV_SUPERVISOR__HQ_BEATS_CRON_" + beat, "0 0 29 2 *");
        }
    }

    /** The fleet, up. */
    static FleetUnderTest shared() {
        SHARED.ensureUp();
        return SHARED;
    }

    private boolean started;

    private synchronized void ensureUp() {
        if (!started) {
            started = true;
            Runtime.getRuntime().addShutdownHook(new Thread(this::end));
            up();
        }
    }

    void up() {
        Answer answer = hq("up", "--detach");
        if (answer.exit() != 0) {
            throw new IllegalStateException("hq up: " + answer);
        }
    }

    void down() {
        Answer answer = hq("down");
        if (answer.exit() != 0) {
            throw new IllegalStateException("hq down: " + answer);
        }
    }

    Path home() {
        return home;
    }

    /** The checkout. */
    Path root() {
        return root;
    }

    Answer hq(String... words) {
        List<String> command = new ArrayList<>(List.of(root.resolve("hq").toString()));
        command.addAll(Arrays.asList(words));
        try {
            Path out = Files.createTempFile(home, "out", ".txt");
            Path err = Files.createTempFile(home, "err", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(root.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(10, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("hq " + List.of(words) + " did not end in ten minutes");
            }
            Answer answer = new Answer(process.exitValue(), Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Kills a process of this fleet with SIGKILL; returns when it is gone. */
    void kill(String process) {
        try {
            long pid = Json.read(Files.readString(home.resolve("run").resolve(process + ".pid")), JsonNode.class)
                    .path("pid")
                    .asLong();
            ProcessHandle handle = ProcessHandle.of(pid).orElseThrow();
            handle.destroyForcibly();
            handle.onExit().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("cannot kill " + process, e);
        }
    }

    /** Starts a killed process again and waits until it is ready. */
    void start(String process) {
        Answer answer = hq("_service", "start", process);
        if (answer.exit() != 0) {
            throw new IllegalStateException("hq _service start " + process + ": " + answer);
        }
    }

    /** From its next start on the process has this variable; null: no longer. */
    void give(Service service, String variable, @Nullable String value) {
        String name = "HQ_ENV_" + service.name() + "__" + variable;
        if (value == null) {
            environment.remove(name);
        } else {
            environment.put(name, value);
        }
    }

    /** Stops a process in order and starts it again. */
    void restart(Service service) {
        Answer answer = hq("_service", "restart", service.wireName());
        if (answer.exit() != 0) {
            throw new IllegalStateException("hq _service restart " + service.wireName() + ": " + answer);
        }
    }

    URI address(Service service, String path) {
        return URI.create("http://127.0.0.1:" + environment.get(variable(service)) + path);
    }

    /** A GET as the owner. */
    JsonNode get(Service service, String path) {
        try {
            String token = TokenSigner.load(home.resolve("tokens/owner"), Clock.systemUTC())
                    .sign(service.wireName(), "main");
            var response = http.send(
                    HttpRequest.newBuilder(address(service, path))
                            .header("Authorization", "Bearer " + token)
                            .header("X-HQ-Tenant", "main")
                            .build(),
                    BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(path + " answered " + response.statusCode() + ": " + response.body());
            }
            return Json.read(response.body(), JsonNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The ids of every committed outbox row, by schema. */
    Map<String, Set<Long>> committedOutboxIds() {
        Map<String, Set<Long>> bySchema = new HashMap<>();
        for (Service service : Service.values()) {
            Set<Long> ids = new TreeSet<>();
            rows(service, "SELECT id FROM " + service.schema() + ".outbox").forEach(id -> ids.add(Long.valueOf(id)));
            bySchema.put(service.schema(), ids);
        }
        return bySchema;
    }

    /** A connection to the fleet's database as the one who owns the service's schema. */
    Connection connect(Service service) throws SQLException {
        String owner = service.schema() + "_owner";
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + environment.get("HQ_POSTGRES_PORT") + "/capitania",
                owner,
                secret(owner));
    }

    /** The first column of what a query finds in the service's schema. */
    List<String> rows(Service service, String query) {
        try (Connection connection = connect(service);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(found.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Does something to the service's schema behind its back, such as letting time go by. */
    void sql(Service service, String statements) {
        try (Connection connection = connect(service);
                Statement statement = connection.createStatement()) {
            statement.execute(statements);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    String bootstrap() {
        return "127.0.0.1:" + environment.get("HQ_KAFKA_PORT");
    }

    /** The distinct event ids on all topics, by schema. */
    Map<String, Set<Long>> publishedOutboxIds() {
        Map<String, Set<Long>> bySchema = new HashMap<>();
        for (JsonNode event :
                hq("events", "tail", "--since", "2020-01-01T00:00:00Z").lines()) {
            String[] id = event.path("id").asText().split(":");
            bySchema.computeIfAbsent(id[0], schema -> new TreeSet<>()).add(Long.valueOf(id[1]));
        }
        return bySchema;
    }

    private String secret(String role) {
        try {
            JsonNode secrets = Json.read(Files.readString(home.resolve("secrets/database.json")), JsonNode.class);
            return secrets.findValue(role).asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end() {
        hq("down", "--purge", "--yes");
    }

    private static String variable(Service service) {
        return "HQ_" + service.name() + "_PORT";
    }

    private static Path checkout() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(".mvn"))) {
                return at;
            }
        }
        throw new IllegalStateException("not inside the checkout");
    }
}
