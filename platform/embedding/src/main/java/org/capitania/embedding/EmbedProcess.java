package org.capitania.embedding;

import io.quarkus.logging.Log;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.EmbedTexts.Announcement;
import org.jspecify.annotations.Nullable;

/**
 * The process {@code hq-embed}: found by its announcement, or started. Several services may start one at once; all but one of these end by
 * themselves, because the process locks its directory. It ends when its stdin does, which is when the service that started it is gone.
 */
final class EmbedProcess {
    private static final String ANNOUNCEMENT = "embed.json";
    private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "USER");
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xms32m",
            "-Xmx256m",
            "-Xss512k",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.net.preferIPv4Stack=true");
    private static final int PAUSE_MILLIS = 50;

    private final EmbeddingConfig config;
    private final ReentrantLock starting = new ReentrantLock();
    private @Nullable Process child;

    EmbedProcess(EmbeddingConfig config) {
        this.config = config;
    }

    /** Where it listens; started, and waited for, when it does not. */
    Announcement announced(Duration within) {
        Optional<Announcement> known = listening();
        if (known.isPresent()) {
            return known.get();
        }
        Path jar = config.jar()
                .filter(Files::isRegularFile)
                .orElseThrow(() -> new CapitaniaException(
                        ErrorCode.NOT_CONFIGURED, "no embedding process is installed (hq.embedding.jar)"));
        try {
            if (!starting.tryLock(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw Embedder.unavailable("the embedding process is still starting", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Embedder.unavailable("interrupted while waiting for the embedding process", e);
        }
        try {
            return started(jar, within);
        } finally {
            starting.unlock();
        }
    }

    private Announcement started(Path jar, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        Optional<Announcement> known = listening();
        while (known.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw Embedder.unavailable("the embedding process is still starting", null);
            }
            Process current = child;
            if (current == null || !current.isAlive()) {
                current = start(jar);
                child = current;
            }
            pause(current);
            if (!current.isAlive() && current.exitValue() != 0) {
                throw Embedder.unavailable("the embedding process ended with " + current.exitValue(), null);
            }
            known = listening();
        }
        return known.get();
    }

    /** Its announcement, when somebody listens there. */
    private Optional<Announcement> listening() {
        Path file = config.directory().resolve(ANNOUNCEMENT);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (Socket socket = new Socket()) {
            Announcement announcement = Json.read(Files.readAllBytes(file), Announcement.class);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), announcement.port()), 500);
            return Optional.of(announcement);
        } catch (IOException | CapitaniaException e) {
            Log.debugf(e, "no embedding process listens as announced in %s", file);
            return Optional.empty();
        }
    }

    private Process start(Path jar) {
        // Whoever waits for an answer goes before texts that are embedded some time.
        List<String> command = new ArrayList<>(List.of("nice", "-n", "5"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-jar", jar.toString(), config.directory().toString()));
        try {
            Files.createDirectories(config.directory());
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            Redirect output = config.log()
                    .map(Path::toFile)
                    .map((File file) -> Redirect.appendTo(file))
                    .orElse(Redirect.DISCARD);
            builder.redirectOutput(output);
            environment(builder.environment());
            Process process = builder.start();
            Log.infof("embedding process started pid=%d", process.pid());
            return process;
        } catch (IOException e) {
            throw Embedder.unavailable("the embedding process cannot be started: " + e, e);
        }
    }

    /** What it needs of this process' environment, where passwords and keys are, and nothing else. */
    private void environment(Map<String, String> variables) {
        variables.keySet().retainAll(INHERITED);
        variables.put("HQ_EMBED_IDLE", config.idle().toString());
        config.voyage().apiKey().ifPresent(key -> variables.put("HQ_EMBED_VOYAGE_API_KEY", key));
        config.voyage().baseUrl().ifPresent(url -> variables.put("HQ_EMBED_VOYAGE_BASE_URL", url.toString()));
    }

    private static void pause(Process process) {
        try {
            process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Embedder.unavailable("interrupted while waiting for the embedding process", e);
        }
    }
}
