package org.capitania.ingest.inbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a mail directory and its siblings {@code claimed}, {@code processed}, {@code rejected}. A file moves by rename only, so that at
 * any moment it is in exactly one of them.
 */
final class MailDirectory {
    /** Looks after which a file that stays empty is taken as such; a writer may open it long before it writes. */
    private static final int EMPTY_PATIENCE = 10;

    private record Seen(long size, FileTime modified, int looks) {
        int looksIfStill(BasicFileAttributes now) {
            return size == now.size() && modified.equals(now.lastModifiedTime()) ? looks : 0;
        }
    }

    private final Path inbox;
    private final Path claimed;
    private final Path processed;
    private final Path rejected;
    private Map<Path, Seen> seen = new HashMap<>();

    MailDirectory(Path inbox) {
        Path absolute = inbox.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("the mail directory cannot be the root of the file system");
        }
        this.inbox = absolute;
        claimed = parent.resolve("claimed");
        processed = parent.resolve("processed");
        rejected = parent.resolve("rejected");
    }

    void create() {
        try {
            for (Path directory : List.of(inbox, claimed, processed, rejected)) {
                Files.createDirectories(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The right to watch this directory, which one watcher at a time has; null when another has it. */
    @Nullable
    FileLock lock() {
        try {
            FileChannel channel =
                    FileChannel.open(claimed.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    channel.close();
                }
                return lock;
            } catch (OverlappingFileLockException e) {
                // Another watcher of this very process.
                channel.close();
                return null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Claims what is complete, and returns all that is claimed: also what a crash has left. */
    List<Path> claim() {
        Map<Path, Seen> now = new HashMap<>();
        for (Path file : files(inbox)) {
            Seen before = seen.get(file);
            try {
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                int looks = 1 + (before == null ? 0 : before.looksIfStill(attributes));
                if (looks > (attributes.size() == 0 ? EMPTY_PATIENCE : 1)) {
                    move(file, free(claimed, file.getFileName().toString()));
                } else {
                    now.put(file, new Seen(attributes.size(), attributes.lastModifiedTime(), looks));
                }
            } catch (NoSuchFileException e) {
                // Taken away again by whoever put it there.
                continue;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        seen = now;
        return files(claimed);
    }

    void processed(Path file) {
        moveUnchecked(file, processed);
    }

    /** The reason is written first: a file in {@code rejected} always has one. */
    void rejected(Path file, String reason) {
        try {
            Path target = free(rejected, file.getFileName().toString());
            Files.writeString(rejected.resolve(target.getFileName() + ".reason.txt"), reason + "\n");
            move(file, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void moveUnchecked(Path file, Path directory) {
        try {
            move(file, free(directory, file.getFileName().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the mail directory and its siblings must be on one file system", e);
        }
    }

    private static Path free(Path directory, String name) {
        Path free = directory.resolve(name);
        for (int i = 2; Files.exists(free, LinkOption.NOFOLLOW_LINKS); i++) {
            int dot = name.lastIndexOf('.');
            free = directory.resolve(dot > 0 ? name.substring(0, dot) + "-" + i + name.substring(dot) : name + "-" + i);
        }
        return free;
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
                    .filter(f -> !unfinished(f.getFileName().toString().toLowerCase(Locale.ROOT)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names by which programs mark what they have not finished. */
    private static boolean unfinished(String name) {
        return name.startsWith(".")
                || name.endsWith("~")
                || name.endsWith(".part")
                || name.endsWith(".tmp")
                || name.endsWith(".crdownload")
                || name.endsWith(".swp");
    }
}
