package org.capitania.cli.fleet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.fleet.Doctor.Finding;
import org.capitania.cli.fleet.Doctor.Grade;
import org.capitania.cli.home.Endpoint;
import org.capitania.cli.home.Home;
import org.capitania.cli.home.SettingsFile;
import org.capitania.cli.process.Memory;
import org.capitania.cli.process.PidFile;
import org.capitania.contract.Service;

/** The things a doctor looks at; none of them changes anything. */
final class Examination {
    private static final long MIB = 1024 * 1024;
    private static final long FEW_MIB = 2_000;
    private static final long LITTLE_DISK_MIB = 2_000;

    private final Environment environment;
    private final Home home;
    private final List<Finding> findings = new ArrayList<>();

    Examination(Environment environment, Home home) {
        this.environment = environment;
        this.home = home;
    }

    List<Finding> all() {
        findings.add(Finding.good("JDK", Runtime.version() + " in " + System.getProperty("java.home")));
        tools();
        memory();
        disk();
        packages();
        if (Files.isDirectory(home.directory())) {
            settings();
            permissions();
            if (Files.isDirectory(home.run())) {
                processes();
            }
        } else {
            findings.add(new Finding("fleet", Grade.CAUTION, home.directory() + " does not exist", "hq up makes it"));
        }
        return findings;
    }

    private void tools() {
        boolean gcc = onPath("gcc") || onPath("cc");
        findings.add(
                gcc
                        ? Finding.good("C compiler", "there")
                        : new Finding(
                                "C compiler",
                                Grade.CAUTION,
                                "none; pgvector is built with it once",
                                "apt-get install gcc libc6-dev, unless the fleet was up here before"));
        if (!onPath("setsid") && !onPath("perl")) {
            findings.add(new Finding(
                    "sessions",
                    Grade.CAUTION,
                    "neither setsid nor perl: Ctrl-C may reach the services",
                    "apt-get install util-linux"));
        }
    }

    private void memory() {
        OptionalLong available = Memory.available();
        if (available.isEmpty()) {
            return;
        }
        long mib = available.getAsLong() / MIB;
        findings.add(
                mib >= FEW_MIB
                        ? Finding.good("memory", mib + " MB available")
                        : new Finding(
                                "memory",
                                Grade.CAUTION,
                                mib + " MB available; a whole fleet takes about " + FEW_MIB,
                                "close something before hq up"));
    }

    private void disk() {
        try {
            Path there = Files.isDirectory(home.directory()) ? home.directory() : environment.root();
            long mib = Files.getFileStore(there).getUsableSpace() / MIB;
            findings.add(
                    mib >= LITTLE_DISK_MIB
                            ? Finding.good("disk", mib + " MB free at " + there)
                            : new Finding(
                                    "disk",
                                    Grade.BAD,
                                    mib + " MB free at " + there,
                                    "make room, or set HQ_HOME elsewhere"));
        } catch (IOException e) {
            findings.add(new Finding("disk", Grade.CAUTION, "cannot be read: " + e.getMessage(), ""));
        }
    }

    private void packages() {
        List<String> missing = Stream.of(Service.values())
                .map(Service::wireName)
                .filter(name ->
                        !Files.exists(environment.root().resolve(name).resolve("target/quarkus-app/quarkus-run.jar")))
                .toList();
        findings.add(
                missing.isEmpty()
                        ? Finding.good("build", "all services are built")
                        : new Finding(
                                "build",
                                Grade.CAUTION,
                                "not built: " + String.join(", ", missing),
                                "hq build, or hq up"));
    }

    private void settings() {
        try {
            SettingsFile.read(home, environment);
            findings.add(Finding.good("settings", home.settings().toString()));
        } catch (Failure e) {
            findings.add(new Finding("settings", Grade.BAD, e.message(), "correct that line, or delete the file"));
        }
    }

    private void permissions() {
        for (Path secret : List.of(home.ownerKey(), home.secrets().resolve("database.json"))) {
            try {
                Set<PosixFilePermission> open = Files.exists(secret) ? Files.getPosixFilePermissions(secret) : Set.of();
                boolean closed = open.stream().allMatch(p -> p.name().startsWith("OWNER"));
                findings.add(
                        closed
                                ? Finding.good(
                                        "secret",
                                        secret + (open.isEmpty() ? " is not made yet" : " is closed to others"))
                                : new Finding(
                                        "secret", Grade.BAD, secret + " can be read by others", "chmod 600 " + secret));
            } catch (IOException | UnsupportedOperationException e) {
                findings.add(new Finding("secret", Grade.CAUTION, secret + ": " + e.getMessage(), ""));
            }
        }
    }

    private void processes() {
        LocalFleet fleet;
        try {
            fleet = LocalFleet.prepare(environment);
        } catch (Failure e) {
            return; // the settings are wrong, and told above
        }
        for (FleetProcess process : fleet.all()) {
            boolean runs = process.running().isPresent();
            boolean expected = PidFile.of(home, process.name()).read().isPresent();
            if (runs && !process.ready()) {
                findings.add(new Finding(
                        process.name(),
                        Grade.BAD,
                        "runs and is not ready",
                        "hq logs " + process.name() + "; hq _service restart " + process.name()));
            } else if (!runs && expected) {
                findings.add(new Finding(
                        process.name(),
                        Grade.BAD,
                        "died: " + lastWord(process),
                        "hq logs " + process.name() + "; hq up starts it again"));
            } else if (runs) {
                findings.add(Finding.good(process.name(), "ready"));
            } else {
                ports(fleet, process);
            }
        }
        if (fleet.database().running().isPresent()) {
            extensions(fleet.database());
        }
        fleet.jvms().stream()
                .filter(jvm -> environment.variable("HQ_NO_AOT").isEmpty())
                .forEach(this::cache);
    }

    private void extensions(Database database) {
        try (Connection connection = database.connect()) {
            findings.add(Extensions.examine(connection));
        } catch (SQLException e) {
            findings.add(new Finding(
                    "extensions", Grade.BAD, "the database cannot be asked: " + e.getMessage(), "hq logs postgres"));
        }
    }

    private void ports(LocalFleet fleet, FleetProcess process) {
        for (Endpoint endpoint : process.endpoints()) {
            int port = fleet.settings().port(endpoint);
            if (!Probe.free(port)) {
                findings.add(new Finding(
                        endpoint.name(),
                        Grade.BAD,
                        "port " + port + " is in use by another program",
                        "stop it, or set " + endpoint.variable() + " or ports: " + endpoint.name() + " in "
                                + home.settings()));
            }
        }
    }

    /** Asks the JVM itself whether it takes the cache: with {@code AOTMode=on} it refuses to run without. */
    private void cache(JavaProcess process) {
        try {
            if (!process.cache().exists()) {
                findings.add(new Finding(
                        "cache", Grade.CAUTION, process.name() + " has no start-up cache yet", "hq up writes it"));
                return;
            }
            List<String> command = new ArrayList<>(process.command());
            command.add(1, "-XX:AOTMode=on");
            command.add(1, "-version");
            Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
            boolean over = java.waitFor(20, TimeUnit.SECONDS);
            // Read only then: one that hangs says no end.
            String said = over ? new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8) : "";
            if (!over || java.exitValue() != 0) {
                java.destroyForcibly();
                findings.add(new Finding(
                        "cache",
                        Grade.CAUTION,
                        process.name() + ": the JVM refuses its start-up cache: "
                                + said.lines().findFirst().orElse("no reason given"),
                        "rm " + process.cache().file() + "; the next hq up writes it anew"));
            }
        } catch (Failure e) {
            findings.add(new Finding("cache", Grade.CAUTION, process.name() + ": " + e.message(), "hq build"));
        } catch (IOException e) {
            findings.add(
                    new Finding("cache", Grade.CAUTION, process.name() + ": cannot be tried: " + e.getMessage(), ""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String lastWord(FleetProcess process) {
        List<String> words = process.lastWords();
        return words.isEmpty() ? "its log is empty" : words.getLast();
    }

    private boolean onPath(String tool) {
        return Stream.of(environment.variable("PATH").orElse("/usr/bin:/bin").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }
}
