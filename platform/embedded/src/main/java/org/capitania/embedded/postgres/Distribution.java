package org.capitania.embedded.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.capitania.embedded.MachineProblem;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL programs with pgvector among their extensions, unpacked once into the cache.
 *
 * @param root directory that holds {@code bin}, {@code lib} and {@code share}
 */
record Distribution(Path root) {
    static final String POSTGRES_VERSION = "17.11";

    /** A file lock excludes other processes only; a second thread would get an exception. */
    private static final Lock IN_THIS_JVM = new ReentrantLock();

    Path bin(String program) {
        return root.resolve("bin").resolve(program);
    }

    /** The cached distribution; built first when it is not there. Builders in other processes are waited for. */
    static Distribution ensure(Path cache) {
        Path finished = finished(cache);
        if (Files.isDirectory(finished)) {
            return new Distribution(finished);
        }
        IN_THIS_JVM.lock();
        try (FileChannel channel = FileChannel.open(
                        cache.resolve("build.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !Files.isDirectory(finished)) {
                build(cache, finished);
            }
            return new Distribution(finished);
        } catch (IOException e) {
            throw new MachineProblem(
                    MachineProblem.Kind.DISK, "cannot unpack PostgreSQL into " + cache + ": " + e.getMessage(), e);
        } finally {
            IN_THIS_JVM.unlock();
        }
    }

    static boolean isCached(Path cache) {
        return Files.isDirectory(finished(cache));
    }

    private static Path finished(Path cache) {
        return cache.resolve(
                "postgresql-" + POSTGRES_VERSION + "-pgvector-" + Pgvector.VERSION + "-linux-" + architecture());
    }

    private static void build(Path cache, Path finished) throws IOException {
        deleteAbandoned(cache);
        Path scratch = Files.createTempDirectory(cache, "building-");
        try {
            Path root = Files.createDirectory(scratch.resolve("root"));
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
            unpack(root);
            Pgvector.install(root, scratch, architecture());
            Files.move(root, finished, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            deleteTree(scratch);
        }
    }

    /** What a builder that was killed left behind; nobody else builds while we hold the lock. */
    private static void deleteAbandoned(Path cache) throws IOException {
        try (Stream<Path> entries = Files.list(cache)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith("building-")) {
                    deleteTree(entry);
                }
            }
        }
    }

    private static void unpack(Path root) throws IOException {
        String name = "/postgres-linux-" + ("amd64".equals(architecture()) ? "x86_64" : "arm_64") + ".txz";
        try (InputStream packed = Distribution.class.getResourceAsStream(name)) {
            if (packed == null) {
                throw new MachineProblem(
                        MachineProblem.Kind.UNSUPPORTED,
                        "this build carries no PostgreSQL for " + architecture() + " (" + name
                                + " is not on the classpath)");
            }
            untar(new XZInputStream(packed), root);
        }
    }

    /** Unpacks a tar stream with the system's tar, which every Debian has. */
    static void untar(InputStream tar, Path into) {
        if (!ServerUser.onPath("tar")) {
            throw new MachineProblem(MachineProblem.Kind.MISSING_TOOL, "tar is not on the PATH: apt-get install tar");
        }
        Command.Result result =
                Command.run(List.of("tar", "-x", "-p", "--no-same-owner", "-f", "-", "-C", into.toString()), into, tar);
        if (result.exit() != 0) {
            throw new MachineProblem(MachineProblem.Kind.DISK, "cannot unpack into " + into + ": " + result.lastLine());
        }
    }

    static String architecture() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        if (!os.contains("linux")) {
            throw new MachineProblem(
                    MachineProblem.Kind.UNSUPPORTED,
                    "the embedded PostgreSQL runs on Linux only; on " + os + " use docker compose up");
        }
        return switch (arch) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            default ->
                throw new MachineProblem(
                        MachineProblem.Kind.UNSUPPORTED,
                        "the embedded PostgreSQL runs on amd64 and arm64, not on " + arch + "; use docker compose up");
        };
    }

    static void deleteTree(Path dir) throws IOException {
        if (!Files.exists(dir)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(dir)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
