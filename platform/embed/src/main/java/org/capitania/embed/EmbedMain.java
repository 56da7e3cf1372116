package org.capitania.embed;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.capitania.contract.Json;
import org.capitania.contract.api.EmbedTexts.Announcement;
import org.jspecify.annotations.Nullable;

/**
 * Runs one embedding process a directory: it announces itself there, and is gone after a while without work, or when the stdin that the
 * service which started it holds open ends.
 */
public final class EmbedMain {
    private static final String ANNOUNCEMENT = "embed.json";
    private static final String LOCK = "embed.lock";
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int LOOKS_FOR_ANOTHER = 100;

    private EmbedMain() {}

    /** @param args the directory */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 1) {
            System.err.println("usage: hq-embed DIRECTORY");
            System.exit(2);
        }
        CountDownLatch orphaned = new CountDownLatch(1);
        Thread.ofPlatform().daemon().name("stdin").start(() -> awaitEnd(orphaned));
        Path directory = Path.of(args[0]);
        try (FileChannel file =
                        FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(file, directory.resolve(ANNOUNCEMENT), orphaned)) {
            if (lock != null) {
                serve(directory, orphaned);
            }
        }
        // Threads of the model's native library are no daemons.
        System.exit(0);
    }

    private static void serve(Path directory, CountDownLatch orphaned) throws IOException, InterruptedException {
        Duration idle = variable("HQ_EMBED_IDLE").map(Duration::parse).orElse(Duration.ofMinutes(5));
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        String token = HexFormat.of().formatHex(secret);
        Models models = new Models(variable("HQ_EMBED_VOYAGE_API_KEY"), variable("HQ_EMBED_VOYAGE_BASE_URL"));
        Path announcement = directory.resolve(ANNOUNCEMENT);
        Files.deleteIfExists(announcement);
        try (EmbedServer server = new EmbedServer(models, token)) {
            announce(
                    announcement,
                    new Announcement(
                            server.port(), token, ProcessHandle.current().pid()));
            while (!orphaned.await(LOOK.toMillis(), TimeUnit.MILLISECONDS) && server.idleNanos() < idle.toNanos()) {
                // Nothing to do but to look again.
            }
            Files.deleteIfExists(announcement);
        }
    }

    /** The lock of the directory; null when another process has it and serves, or when nobody waits any more. */
    private static @Nullable FileLock lock(FileChannel file, Path announcement, CountDownLatch orphaned)
            throws IOException, InterruptedException {
        for (int i = 0; i < LOOKS_FOR_ANOTHER; i++) {
            FileLock lock = file.tryLock();
            if (lock != null) {
                return lock;
            }
            if (Files.exists(announcement) || orphaned.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                return null;
            }
        }
        return null;
    }

    /** Written beside its place and moved, so that nobody reads half of it; for this user's eyes only. */
    private static void announce(Path file, Announcement announcement) throws IOException {
        Path draft = file.resolveSibling(ANNOUNCEMENT + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(draft, Json.bytes(announcement));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void awaitEnd(CountDownLatch orphaned) {
        try {
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("stdin failed: " + e);
        }
        orphaned.countDown();
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}
