package org.capitania.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Debezium, which is no part of the build: resolved and compiled when it is first compared with. */
final class PeerBuild {
    private PeerBuild() {}

    /** The peer's jar, built now when it is missing; that needs Maven's repositories once. */
    static Path jar() {
        Path bench = bench();
        Path jar = bench.resolve("peer/target/hq-bench-peer/hq-bench-peer.jar");
        if (!Files.isRegularFile(jar)) {
            System.err.println("bench: building the peer, Debezium");
            String maven = Optional.ofNullable(System.getenv("HQ_MAVEN")).orElse("./mvnw");
            run(
                    bench.resolve(".."),
                    // The peer is a few lines around Debezium and has no tests; this spares the look for a test engine.
                    List.of(maven, "-q", "-B", "-f", "bench/peer", "-Dspotless.skip=true", "-DskipTests", "package"));
        }
        return jar;
    }

    private static Path bench() {
        try {
            Path code = Path.of(PeerBuild.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            // bench/target/hq-bench/hq-bench.jar
            return code.resolve("../../..").normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(Path directory, List<String> command) {
        try {
            int exit = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(Redirect.to(
                            directory.resolve("bench/target/peer.log").toFile()))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("the peer cannot be built, see bench/target/peer.log");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
