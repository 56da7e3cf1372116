package org.capitania.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.capitania.cli.home.Endpoint;
import org.capitania.embedded.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hq up} on a machine that lacks something, in a process of its own: one line, exit 2, and nothing is left running. */
class UpFailuresIT {
    @TempDir
    Path directory;

    private final Map<String, String> variables = new HashMap<>();
    private Path home;

    private record Result(int exitCode, String out, List<String> err) {
        /** The one line that says what is wrong; what is above it tells of progress. */
        String complaint() {
            List<String> complaints =
                    err.stream().filter(line -> line.startsWith("hq: ")).toList();
            assertThat(complaints).as(String.join("\n", err)).hasSize(1);
            assertThat(err.getLast()).isEqualTo(complaints.getFirst());
            return complaints.getFirst();
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        // The server's own user has to come in.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        home = directory.resolve("home");
        Endpoint.all().forEach(endpoint -> variables.put(endpoint.variable(), Integer.toString(Ports.free())));
        variables.put("HQ_HOME", home.toString());
        variables.put("HQ_NO_AOT", "1");
        variables.put("HQ_MIN_MEMORY_MB", "0");
        variables.put("HQ_MIN_DISK_MB", "0");
    }

    /** JUnit would warn of each link that leads out of its directory. */
    @AfterEach
    void deleteLinks() throws IOException {
        Path bin = directory.resolve("bin");
        if (Files.isDirectory(bin)) {
            try (Stream<Path> links = Files.list(bin)) {
                for (Path link : links.toList()) {
                    Files.delete(link);
                }
            }
        }
    }

    private Result up() throws IOException, InterruptedException {
        Path err = Files.createTempFile(directory, "err", "");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dhq.root=" + directory,
                        "org.capitania.cli.Main",
                        "up",
                        "--detach")
                .redirectError(err.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, Files.readAllLines(err));
    }

    private void assertNothingIsLeft(Result result) throws IOException {
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(home.resolve("run/fleet.json")).doesNotExist();
        for (Endpoint endpoint : Endpoint.all().toList()) {
            try (ServerSocket free = new ServerSocket(Integer.parseInt(variables.get(endpoint.variable())))) {
                assertThat(free.isBound()).isTrue();
            }
        }
    }

    @Test
    void shouldSayWhatToInstallWhenThereIsNoCompiler() throws Exception {
        variables.put("PATH", pathWithoutCompilers());
        variables.put("HQ_CACHE_DIR", cache());

        Result result = up();

        assertThat(result.complaint()).contains("no C compiler", "apt-get install gcc");
        assertNothingIsLeft(result);
    }

    @Test
    void shouldSayThatThereIsNoNetworkWhenPgvectorWasNeverBuilt() throws Exception {
        variables.put("HQ_DEBIAN_MIRROR", "http://127.0.0.1:" + Ports.free());
        variables.put("HQ_CACHE_DIR", cache());

        Result result = up();

        assertThat(result.complaint()).contains("check the network", "HQ_DEBIAN_MIRROR");
        assertNothingIsLeft(result);
    }

    @Test
    void shouldSayThatItsHomeCannotBeWritten() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        home = file.resolve("home");
        variables.put("HQ_HOME", home.toString());

        Result result = up();

        assertThat(result.complaint()).contains(home.toString());
        assertNothingIsLeft(result);
    }

    @Test
    void shouldStopTheDatabaseAgainWhenWhatComesAfterItFails() throws Exception {
        // Given a checkout in which nothing is built
        Result result = up();

        // Then
        assertThat(result.complaint()).contains("hq-cli.jar");
        assertThat(String.join("\n", result.err())).contains("PostgreSQL on", "postgres stopped");
        assertNothingIsLeft(result);
    }

    private String cache() throws IOException {
        return Files.createDirectories(directory.resolve("cache")).toString();
    }

    /** A directory with all programs of this machine but those that compile. */
    private String pathWithoutCompilers() throws IOException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        for (String there : List.of("/usr/sbin", "/usr/bin")) {
            try (Stream<Path> programs = Files.list(Path.of(there))) {
                for (Path program : programs.toList()) {
                    Path link = bin.resolve(program.getFileName());
                    if (!program.getFileName().toString().matches("(.*-)?(gcc|cc|clang)(-.*)?")
                            && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                        Files.createSymbolicLink(link, program);
                    }
                }
            }
        }
        return bin.toString();
    }
}
