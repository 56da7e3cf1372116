package org.capitania.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.embedded.Leash;
import org.capitania.embedded.MachineProblem;

/**
 * A pgbench that runs scripts as the service's role, held still but while it is asked to work: its sessions keep their plans as those of
 * the service do.
 */
final class PgBench implements AutoCloseable {
    private final Process process;
    private final Path errors;

    PgBench(BenchPostgres postgres, List<String> scripts, int clients) throws IOException {
        Path binary = binary();
        Path directory = Files.createDirectory(postgres.directory().resolve("pgbench"));
        errors = directory.resolve("errors");
        List<String> command = new ArrayList<>(List.of(
                binary.toString(),
                "--no-vacuum",
                "--protocol=prepared",
                "--client=" + clients,
                "--jobs=1",
                "--time=86400",
                "--define=n=0",
                "--host=127.0.0.1",
                "--port=" + postgres.port(),
                "--username=graph"));
        for (int i = 0; i < scripts.size(); i++) {
            Path script = Files.writeString(directory.resolve(i + ".sql"), scripts.get(i));
            command.add("--file=" + script);
        }
        command.add(BenchPostgres.DATABASE);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile());
        builder.environment().put("PGPASSWORD", postgres.password("graph"));
        process = builder.start();
        Leash.tie(process);
        hold();
    }

    /** Where the packages of the distributions put it; what is on the path wins. */
    static Path binary() throws IOException {
        String path = System.getenv().getOrDefault("PATH", "");
        List<Path> places =
                new ArrayList<>(Arrays.stream(path.split(":")).map(Path::of).toList());
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.sorted().map(version -> version.resolve("bin")).forEach(places::add);
            }
        }
        return places.stream()
                .map(place -> place.resolve("pgbench"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new MachineProblem(
                        MachineProblem.Kind.MISSING_TOOL,
                        "pgbench is not on this machine, and mutations are compared with it: apt-get install postgresql-contrib"
                                + " (Debian, Ubuntu), dnf install postgresql-contrib (Fedora)"));
    }

    long pid() {
        return process.pid();
    }

    void work() throws IOException {
        signal("CONT");
    }

    /** What its sessions are in the middle of they finish. */
    void hold() throws IOException {
        signal("STOP");
    }

    private void signal(String name) throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("pgbench ended: " + Files.readString(errors));
        }
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("pgbench could not be told " + name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What it complained about; empty when every statement went well. */
    String complaints() throws IOException {
        return String.join(
                "\n",
                Files.readAllLines(errors).stream()
                        .filter(line -> line.contains("error") || line.contains("ERROR") || line.contains("abort"))
                        .toList());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
