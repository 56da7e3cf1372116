package org.capitania.cli.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
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
    void shouldTakeTheSignatureFromWhatTheCacheWouldLeaveOut() throws Exception {
        // Given: a library whose classes are signed
        Path original = Path.of(org.bouncycastle.math.ec.ECCurve.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path jar = Files.copy(original, directory.resolve("bcprov.jar"));
        String signed = "org/bouncycastle/math/ec/ECCurve.class";
        assertThat(signers(jar, signed)).isNotEmpty();

        ModernJar.main(new String[] {jar.toString()});

        assertThat(signers(jar, signed)).isEmpty();
        try (JarFile modern = new JarFile(jar.toFile());
                JarFile before = new JarFile(original.toFile())) {
            assertThat(modern.getManifest().getEntries()).isEmpty();
            assertThat(modern.getManifest().getMainAttributes())
                    .isEqualTo(before.getManifest().getMainAttributes());
            assertThat(read(modern, signed)).isEqualTo(read(before, signed));
        }
    }

    private static CodeSigner[] signers(Path jar, String name) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            // Known once the entry is read to its end.
            read(file, name);
            CodeSigner[] signers = file.getJarEntry(name).getCodeSigners();
            return signers == null ? new CodeSigner[0] : signers;
        }
    }

    private static byte[] read(JarFile file, String name) throws IOException {
        try (InputStream in = file.getInputStream(file.getJarEntry(name))) {
            return in.readAllBytes();
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
