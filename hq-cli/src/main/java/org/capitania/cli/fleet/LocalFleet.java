package org.capitania.cli.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.call.Fleet;
import org.capitania.cli.home.Endpoint;
import org.capitania.cli.home.FleetRecord;
import org.capitania.cli.home.Home;
import org.capitania.cli.home.Settings;
import org.capitania.cli.home.SettingsFile;
import org.capitania.contract.Service;
import org.capitania.embedded.infra.InfraMain;
import org.capitania.embedded.keys.KeyFiles;

/** The processes of one home, in the order they start. This is the one place that knows their command lines. */
final class LocalFleet {
    private static final String INFRA = "hq-infra";
    private static final Set<Service> EMBEDDING =
            Set.of(Service.GRAPH_SERVICE, Service.INGEST_WORKERS, Service.TOOL_REGISTRY);

    private final Environment environment;
    private final Home home;
    private final Settings settings;
    private final Jvm jvm = Jvm.ofThisProcess();
    private final Installation installation;
    private final Secrets secrets;
    private final ProcessEnvironment environments;
    private final Probe probe = new Probe();
    private final Database database;
    private final List<JavaProcess> jvms = new ArrayList<>();

    private LocalFleet(Environment environment, Home home, Settings settings) {
        this.environment = environment;
        this.home = home;
        this.settings = settings;
        this.installation =
                new Installation(environment.root().resolve("target").resolve("dist"));
        this.secrets = new Secrets(home, environment);
        this.environments = new ProcessEnvironment(environment, home, settings, secrets);
        this.database = new Database(home, settings.port(Endpoint.POSTGRES), secrets);
        jvms.add(infra());
        // They stop in the opposite order: the watchdog first, or it would report that the others are gone.
        Stream.of(
                        Service.GRAPH_SERVICE,
                        Service.TOOL_REGISTRY,
                        Service.APPROVAL_SERVICE,
                        Service.SUPERVISOR,
                        Service.INGEST_WORKERS,
                        Service.AGENT_OPERATOR,
                        Service.AGENT_CHIEF,
                        Service.WATCHDOG)
                .map(this::service)
                .forEach(jvms::add);
    }

    /** The fleet of this home; its directories, settings, keys and secrets are made when they are missing. */
    static LocalFleet prepare(Environment environment) {
        Home home = Home.of(environment);
        home.create();
        SettingsFile.createIfAbsent(home);
        Settings settings = SettingsFile.read(home, environment);
        KeyFiles.ensureFleet(
                new KeyFiles.Layout(home.keys(), home.ownerKey(), home.publicKeys()), List.of(settings.tenant()));
        Optional<FleetRecord> record = FleetRecord.read(home);
        if (record.isPresent()) {
            // What runs keeps its ports, whatever this command's environment says.
            LocalFleet running = new LocalFleet(
                    environment, home, settings.withPorts(record.get().ports()));
            if (running.anyRunning()) {
                return running;
            }
        }
        return new LocalFleet(environment, home, settings);
    }

    /** The fleet of a home that was used before. */
    static LocalFleet existing(Environment environment) {
        if (!Files.isDirectory(Home.of(environment).run())) {
            throw Fleet.notRunning();
        }
        return prepare(environment);
    }

    Home home() {
        return home;
    }

    Settings settings() {
        return settings;
    }

    Jvm jvm() {
        return jvm;
    }

    Probe probe() {
        return probe;
    }

    Secrets secrets() {
        return secrets;
    }

    Database database() {
        return database;
    }

    List<JavaProcess> jvms() {
        return jvms;
    }

    /** The process with broker and mail sink. */
    JavaProcess infraProcess() {
        return jvms.getFirst();
    }

    List<JavaProcess> services() {
        return jvms.subList(1, jvms.size());
    }

    /** All processes in the order they start. */
    List<FleetProcess> all() {
        List<FleetProcess> all = new ArrayList<>();
        all.add(database);
        all.addAll(jvms);
        return all;
    }

    FleetProcess named(String name) {
        return all().stream()
                .filter(process -> process.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Failure.notFound("no process is called " + name + "; there are "
                        + String.join(
                                ", ", all().stream().map(FleetProcess::name).toList())));
    }

    boolean anyRunning() {
        return all().stream().anyMatch(process -> process.running().isPresent());
    }

    private JavaProcess service(Service service) {
        int port = settings.port(Endpoint.of(service));
        return new JavaProcess(
                service.wireName(),
                service.wireName() + " on " + port,
                List.of(Endpoint.of(service)),
                home,
                jvm,
                () -> {
                    Path built = environment
                            .root()
                            .resolve(service.wireName())
                            .resolve("target")
                            .resolve("quarkus-app");
                    Path installed = installation.install(service.wireName(), built);
                    List<String> words =
                            List.of("-jar", installed.resolve("quarkus-run.jar").toString());
                    Map<String, String> variables = environments.of(service);
                    if (EMBEDDING.contains(service)) {
                        embedding().ifPresent(jar -> variables.putIfAbsent("HQ_EMBEDDING_JAR", jar.toString()));
                    }
                    return new JavaProcess.Program(installed, words, jvm.flags(service), variables);
                },
                () -> probe.health(port) instanceof Probe.Health.Up);
    }

    /** The program that these start when they want a vector; it is no process of the fleet, and ends with who started it. */
    private Optional<Path> embedding() {
        Path built = environment.root().resolve("platform/embed/target/hq-embed");
        return Files.isDirectory(built)
                ? Optional.of(installation.install("hq-embed", built).resolve("hq-embed.jar"))
                : Optional.empty();
    }

    private JavaProcess infra() {
        Path ready = InfraMain.readyFile(home.directory());
        return new JavaProcess(
                INFRA,
                "Kafka on " + settings.port(Endpoint.KAFKA) + ", mail sink on " + settings.port(Endpoint.SMTP),
                List.of(Endpoint.KAFKA, Endpoint.KAFKA_CONTROLLER, Endpoint.SMTP),
                home,
                jvm,
                () -> {
                    List<Path> jars = libraries(environment
                            .root()
                            .resolve("hq-cli")
                            .resolve("target")
                            .resolve("hq-cli.jar"));
                    Path installed = installation.installFiles(INFRA, jars);
                    String classPath = String.join(
                            java.io.File.pathSeparator,
                            jars.stream()
                                    .map(jar ->
                                            installed.resolve(jar.getFileName()).toString())
                                    .toList());
                    List<String> words = List.of("-cp", classPath, InfraMain.class.getName());
                    return new JavaProcess.Program(installed, words, jvm.infraFlags(), environments.ofInfra());
                },
                () -> Files.exists(ready));
    }

    /** The jars that hq-cli's own manifest names: the broker and the mail sink are among them. */
    private static List<Path> libraries(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String path = manifest == null ? null : manifest.getMainAttributes().getValue("Class-Path");
            if (path == null) {
                throw Failure.system("not_built", jar + " names no class path").withHint("hq build");
            }
            return Stream.of(path.split(" ")).map(jar::resolveSibling).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
    }
}
