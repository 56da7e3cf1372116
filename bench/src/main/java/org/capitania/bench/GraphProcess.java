package org.capitania.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.capitania.contract.Service;
import org.capitania.embedded.Leash;
import org.capitania.embedded.MachineProblem;
import org.capitania.embedded.Ports;
import org.capitania.embedded.infra.InfraMain;
import org.capitania.embedded.keys.KeyFiles;
import org.capitania.embedded.keys.TokenSigner;

/** A running graph-service as the fleet runs it, with a database, a broker and keys of its own; all gone with this process. */
final class GraphProcess implements AutoCloseable {
    static final String TENANT = "main";

    /** Those of the fleet. */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-XX:ReservedCodeCacheSize=48m",
            "-XX:MaxDirectMemorySize=64m",
            "-Xss512k",
            "-Xms24m",
            "-Xmx96m",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.net.preferIPv4Stack=true");

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** stdin is the leash: the process ends when ours does, however that ends. The first line it says is its id. */
    private static final String ON_A_LEASH =
            "\"$@\" </dev/null >\"$HQ_BENCH_LOG\" 2>&1 & echo $!; cat >/dev/null; kill $!; wait $!";

    private final BenchPostgres postgres = new BenchPostgres();
    private final Path home = postgres.directory().resolve("home");
    private final int port = Ports.free();
    private final TokenSigner signer;
    private final List<Process> leashes = new ArrayList<>();
    private final long broker;
    private final long service;

    GraphProcess() {
        Path jar = jar();
        KeyFiles.Layout keys =
                new KeyFiles.Layout(home.resolve("keys"), home.resolve("keys/owner"), home.resolve("keys/jwks.json"));
        KeyFiles.ensureFleet(keys, List.of(TENANT));
        signer = TokenSigner.load(keys.owner(), Clock.systemUTC());
        int kafka = Ports.free();
        broker = start(
                "broker",
                InfraMain.command(java(), System.getProperty("java.class.path")),
                Map.of(
                        "HQ_KAFKA_PORT", Integer.toString(kafka),
                        "HQ_KAFKA_CONTROLLER_PORT", Integer.toString(Ports.free()),
                        "HQ_SMTP_PORT", Integer.toString(Ports.free())));
        await("broker", broker, () -> Files.exists(InfraMain.readyFile(home)));
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(FLAGS);
        command.addAll(List.of("-jar", jar.toString()));
        service = start(
                "graph-service",
                command,
                Map.ofEntries(
                        Map.entry("HQ_TENANTS", TENANT),
                        Map.entry("HQ_DB_HOST", "127.0.0.1"),
                        Map.entry("HQ_DB_PORT", Integer.toString(postgres.port())),
                        Map.entry("HQ_DB_NAME", BenchPostgres.DATABASE),
                        Map.entry("HQ_DB_PASSWORD", postgres.password("graph")),
                        Map.entry("HQ_DB_OWNER_PASSWORD", postgres.password("graph_owner")),
                        Map.entry("HQ_DB_RELAY_PASSWORD", postgres.password("graph_relay")),
                        Map.entry("HQ_KAFKA_BOOTSTRAP", "127.0.0.1:" + kafka),
                        Map.entry(
                                "HQ_IDENTITY_KEYS",
                                keys.of(Service.GRAPH_SERVICE).toString()),
                        Map.entry("HQ_IDENTITY_JWKS", keys.jwks().toString()),
                        Map.entry("QUARKUS_HTTP_HOST", "127.0.0.1"),
                        Map.entry("QUARKUS_HTTP_PORT", Integer.toString(port))));
        String token = token();
        await("graph-service", service, () -> answers(token));
    }

    BenchPostgres postgres() {
        return postgres;
    }

    Wire connect() throws IOException {
        return new Wire(port);
    }

    /** A token of the owner, good for five minutes. */
    String token() {
        return signer.sign(Service.GRAPH_SERVICE.wireName(), TENANT);
    }

    long pid() {
        return service;
    }

    /** What service, database and broker have computed so far. */
    double cpuMillis() {
        return Cpu.millis(service) + Cpu.millis(broker) + Cpu.millisOfFamily(postgres.pid());
    }

    /** The program beside this one: bench/target/hq-bench/hq-bench.jar and graph-service/target/quarkus-app. */
    private static Path jar() {
        try {
            Path self = Path.of(GraphProcess.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path jar = self.resolve("../../../../graph-service/target/quarkus-app/quarkus-run.jar")
                    .normalize();
            if (!Files.isRegularFile(jar)) {
                throw new MachineProblem(
                        MachineProblem.Kind.MISSING_TOOL,
                        "graph-service is not built: " + jar + " is missing; hq build");
            }
            return jar;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private boolean answers(String token) {
        try (Wire wire = connect()) {
            return wire.get("/v1/stats", token).contains("outbox_lag");
        } catch (IOException | IllegalStateException e) {
            // Not up yet; its log says why if it never comes up.
            return false;
        }
    }

    private long start(String name, List<String> command, Map<String, String> environment) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", ON_A_LEASH, "sh"));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("HQ_HOME", home.toString());
        builder.environment().put("HQ_BENCH_LOG", logOf(name).toString());
        builder.environment().putAll(environment);
        try {
            Files.createDirectories(home);
            Process leash = builder.start();
            leashes.add(leash);
            Leash.tie(leash);
            BufferedReader said = leash.inputReader();
            return Long.parseLong(said.readLine());
        } catch (IOException e) {
            throw new MachineProblem(MachineProblem.Kind.DID_NOT_START, name + " did not start: " + e.getMessage(), e);
        }
    }

    private Path logOf(String name) {
        return postgres.directory().resolve(name + ".log");
    }

    private interface Check {
        boolean holds();
    }

    private void await(String name, long pid, Check ready) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ready.holds()) {
            if (!ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) || System.nanoTime() > deadline) {
                throw new MachineProblem(
                        MachineProblem.Kind.DID_NOT_START, name + " did not start: " + lastWords(name));
            }
            LockSupport.parkNanos(50_000_000L);
        }
    }

    private String lastWords(String name) {
        try {
            List<String> lines = Files.readAllLines(logOf(name));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "it has no log";
        }
    }

    @Override
    public void close() {
        // In the order they need each other.
        for (Process leash : leashes.reversed()) {
            try {
                leash.getOutputStream().close();
                if (!leash.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException("a process of the benchmark does not end");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the benchmark ended", e);
            }
        }
        postgres.close();
    }
}
