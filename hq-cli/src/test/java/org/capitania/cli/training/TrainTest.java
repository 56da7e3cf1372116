package org.capitania.cli.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.capitania.cli.CannedFleet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainTest {
    @TempDir
    Path directory;

    @Test
    void shouldRunTheCommonVerbsWithoutAFleet() throws IOException {
        try (CannedFleet fleet = CannedFleet.in(directory)) {
            CannedFleet.Result result = fleet.hq(Map.of(), "_train");

            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isZero();
        }
    }

    @Test
    void shouldBringOldClassesToAFormatThatTheCacheTakes() throws Exception {
        // Given: the library whose classes are older than Java 6
        Path original = Path.of(picocli.CommandLine.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path jar = Files.copy(original, directory.resolve("picocli.jar"));

        ModernJar.main(new String[] {jar.toString()});

        try (JarFile modern = new JarFile(jar.toFile())) {
            for (JarEntry entry :
                    modern.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
                try (InputStream in = modern.getInputStream(entry)) {
                    assertThat(in.readNBytes(8)[7]).as(entry.getName()).isGreaterThanOrEqualTo((byte) 50);
                }
            }
        }
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xverify:all",
                        "-cp",
                        jar.toString(),
                        "picocli.AutoComplete",
                        "--help")
                .redirectErrorStream(true)
                .start();
        String said = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).as(said).isZero();
        long written = Files.getLastModifiedTime(jar).toMillis();
        ModernJar.main(new String[] {jar.toString()});
        assertThat(Files.getLastModifiedTime(jar).toMillis())
                .as("a modern jar is left alone")
                .isEqualTo(written);
    }
}
