package org.capitania.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.capitania.contract.Service;
import org.capitania.embedded.Leash;
import org.capitania.embedded.MachineProblem;
import org.capitania.embedded.Ports;
import org.capitania.embedded.infra.InfraMain;
import org.capitania.embedded.keys.KeyFiles;
import org.capitania.embedded.keys.Principal;
import org.capitania.embedded.keys.TokenSigner;

/** Services as the fleet runs them, with a database, a broker and keys of their own; all gone with this process. */
final class BenchFleet implements AutoCloseable {
    static final String TENANT = "main";

    /** Those of the fleet. */
    static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:CompileThresholdScaling=0.1",
            "-XX:TrimNativeHeapInterval=10000",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-XX:ReservedCodeCacheSize=48m",
            "-XX:MaxDirectMemorySize=64m",
            "-Xss512k",
            "-Xms24m",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.net.preferIPv4Stack=true");

    private static final long PATIENCE_SECONDS = 90;
    /** stdin is the leash: the process ends when ours does, however that ends. The first line it says is its id. */
    private static final String ON_A_LEASH =
            "\"$@\" </dev/null >\"$HQ_BENCH_LOG\" 2>&1 & echo $!; cat >/dev/null; kill $!; wait $!";

    private final BenchPostgres postgres;
    private final Path home;
    private final KeyFiles.Layout keys;
    private final int kafka = Ports.free();
    private final Map<Service, Integer> ports = new EnumMap<>(Service.class);
    private final Map<Path, TokenSigner> signers = new ConcurrentHashMap<>();
    private final Map<String, Long> pids = new ConcurrentHashMap<>();
    private final Map<String, Process> leashes = Collections.synchronizedMap(new LinkedHashMap<>());
    private final List<String> tenants;

    /**
     * Database and broker.
     *
     * @param settings that this database server has beyond the fleet's
     */
    BenchFleet(String... settings) {
        this(List.of(TENANT), settings);
    }

    /** The same with keys for several tenants; services serve all of them unless they are told otherwise. */
    BenchFleet(List<String> tenants, String... settings) {
        this.tenants = List.copyOf(tenants);
        postgres = new BenchPostgres(settings);
        home = postgres.directory().resolve("home");
        keys = new KeyFiles.Layout(home.resolve("keys"), home.resolve("keys/owner"), home.resolve("keys/jwks.json"));
        KeyFiles.ensureFleet(keys, tenants);
        for (Service service : Service.values()) {
            ports.put(service, Ports.free());
        }
        start(
                "broker",
                InfraMain.command(java(), System.getProperty("java.class.path")),
                Map.of(
                        "HQ_KAFKA_PORT", Integer.toString(kafka),
                        "HQ_KAFKA_CONTROLLER_PORT", Integer.toString(Ports.free()),
                        "HQ_SMTP_PORT", Integer.toString(Ports.free())));
        await("broker", () -> Files.exists(InfraMain.readyFile(home)));
    }

    /** Starts a service and waits until it is ready. */
    void start(Service service, String heap) {
        start(service, heap, Map.of());
    }

    /** The same with further variables. */
    void start(Service service, String heap, Map<String, String> variables) {
        begin(service, heap, variables);
        await(service.wireName(), () -> ready(service));
    }

    /** Starts a service and waits for nothing. */
    void begin(Service service, String heap, Map<String, String> variables) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(FLAGS);
        command.addAll(List.of("-Xmx" + heap, "-jar", jar(service).toString()));
        Map<String, String> environment = environment(service);
        environment.putAll(variables);
        start(service.wireName(), command, environment);
    }

    /** What a main class says line by line in a process of its own, with the jars and flags of an agent; it is given the agent's role first. */
    static List<String> alone(Service agent, Class<?> main, String... arguments) throws IOException {
        Path app = jar(agent).getParent();
        String self = checkout().resolve("bench/target/hq-bench/hq-bench.jar").toString();
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(FLAGS);
        command.addAll(List.of(
                "-Xmx64m",
                "-cp",
                String.join(File.pathSeparator, self, app + "/app/*", app + "/lib/main/*", app + "/lib/boot/*"),
                main.getName(),
                agent.wireName().substring("agent-".length())));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .inputReader()
                .lines()
                .toList();
    }

    /** Ends a service in order. */
    void stop(Service service) {
        Process leash = leashes.remove(service.wireName());
        if (leash != null) {
            end(leash);
        }
    }

    private Map<String, String> environment(Service service) {
        Map<String, String> environment = new HashMap<>(Map.ofEntries(
                Map.entry("HQ_TENANTS", String.join(",", tenants)),
                Map.entry("HQ_DB_HOST", "127.0.0.1"),
                Map.entry("HQ_DB_PORT", Integer.toString(postgres.port())),
                Map.entry("HQ_DB_NAME", BenchPostgres.DATABASE),
                Map.entry("HQ_DB_PASSWORD", postgres.password(service.schema())),
                Map.entry("HQ_DB_OWNER_PASSWORD", postgres.password(service.schema() + "_owner")),
                Map.entry("HQ_DB_RELAY_PASSWORD", postgres.password(service.schema() + "_relay")),
                Map.entry("HQ_KAFKA_BOOTSTRAP", bootstrap()),
                Map.entry("HQ_IDENTITY_KEYS", keys.of(service).toString()),
                Map.entry("HQ_IDENTITY_JWKS", keys.jwks().toString()),
                Map.entry("QUARKUS_HTTP_HOST", "127.0.0.1"),
                Map.entry("QUARKUS_HTTP_PORT", Integer.toString(port(service)))));
        for (Service peer : Service.values()) {
            environment.put("HQ_PEERS_" + peer.name() + "_URL", "http://127.0.0.1:" + port(peer));
        }
        return environment;
    }

    BenchPostgres postgres() {
        return postgres;
    }

    String bootstrap() {
        return "127.0.0.1:" + kafka;
    }

    Wire connect(Service service) throws IOException {
        return new Wire(port(service));
    }

    /** A token of the owner, good for five minutes. */
    String token(Service audience) {
        return signer(keys.owner()).sign(audience.wireName(), TENANT);
    }

    /** The same of somebody whose key a service's process holds, for example of an agent. */
    String token(Service holder, Principal principal, Service audience) {
        return signer(keys.of(holder).resolve(principal.fileName())).sign(audience.wireName(), TENANT);
    }

    private TokenSigner signer(Path file) {
        return signers.computeIfAbsent(file, f -> TokenSigner.load(f, Clock.systemUTC()));
    }

    long pid(Service service) {
        return pid(service.wireName());
    }

    private long pid(String name) {
        return pids.getOrDefault(name, -1L);
    }

    /** What services, database and broker have computed so far. */
    double cpuMillis() {
        return pids.values().stream().mapToDouble(Cpu::millis).sum() + Cpu.millisOfFamily(postgres.pid());
    }

    private int port(Service service) {
        return ports.getOrDefault(service, -1);
    }

    private static Path jar(Service service) {
        Path jar = checkout().resolve(service.wireName() + "/target/quarkus-app/quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw new MachineProblem(
                    MachineProblem.Kind.MISSING_TOOL,
                    service.wireName() + " is not built: " + jar + " is missing; hq build");
        }
        return jar;
    }

    /** The checkout whose bench/target/hq-bench/hq-bench.jar this is. */
    static Path checkout() {
        try {
            Path self = Path.of(BenchFleet.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return self.resolve("../../../..").normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where a command at a prompt finds a service and the owner's key, and nothing else of a fleet. */
    Map<String, String> atAPrompt(Service service) {
        return Map.of(
                "HQ_HOME",
                home.toString(),
                "HQ_OWNER_KEY",
                keys.owner().toString(),
                "HQ_TENANT",
                TENANT,
                "HQ_" + service.name() + "_URL",
                "http://127.0.0.1:" + port(service));
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private boolean ready(Service service) {
        try (Wire wire = connect(service)) {
            return wire.get("/q/health/ready", token(service)).contains("UP");
        } catch (IOException | IllegalStateException e) {
            // Not up yet; its log says why if it never comes up.
            return false;
        }
    }

    private void start(String name, List<String> command, Map<String, String> environment) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", ON_A_LEASH, "sh"));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("HQ_HOME", home.toString());
        builder.environment().put("HQ_BENCH_LOG", logOf(name).toString());
        builder.environment().putAll(environment);
        try {
            Files.createDirectories(home);
            Process leash = builder.start();
            leashes.put(name, leash);
            Leash.tie(leash);
            BufferedReader said = leash.inputReader();
            pids.put(name, Long.parseLong(said.readLine()));
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

    private void await(String name, Check ready) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!ready.holds()) {
            if (!ProcessHandle.of(pid(name)).map(ProcessHandle::isAlive).orElse(false)
                    || System.nanoTime() > deadline) {
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
        for (Process leash : List.copyOf(leashes.values()).reversed()) {
            end(leash);
        }
        postgres.close();
    }

    private static void end(Process leash) {
        try {
            leash.getOutputStream().close();
            if (!leash.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a process of the benchmark does not end");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the benchmark ended", e);
        }
    }
}
