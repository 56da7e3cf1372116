package org.capitania.registry.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's files. Every step of a path is opened relative to the handle of the directory before it and follows no link, so that nothing which
 * is moved or linked between a look and an act leads out of the root. Only ordinary files with one name are read or replaced.
 */
final class Workspace implements AutoCloseable {
    /** No file is read or written beyond it, in bytes. */
    static final int LARGEST = 4 * 1024 * 1024;

    private static final int MOST_SEEN = 20_000;

    /** An ordinary file. */
    record Entry(FilePath path, long size, Instant modifiedAt) {}

    private final Directory root;
    private final Path staging;

    private Workspace(Directory root, Path staging) {
        this.root = root;
        this.staging = staging;
    }

    static Workspace open(Path root, Path staging) throws IOException {
        return new Workspace(handle(root), staging);
    }

    static Directory handle(Path directory) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new Directory(secure, directory);
        }
        stream.close();
        throw new CapitaniaException(
                ErrorCode.NOT_CONFIGURED, "this machine's file system opens no directories by handle");
    }

    /** What a file holds; empty when there is none. */
    Optional<FileContent> read(FilePath path) throws IOException {
        try (Directory in = descend(path.directories(), false)) {
            return in == null ? Optional.empty() : in.content(path.name());
        }
    }

    /** Throws unless a path leads to an ordinary file or a directory. */
    void requireOrdinary(FilePath path) throws IOException {
        if (path.names().isEmpty()) {
            return;
        }
        try (Directory in = descend(path.directories(), false)) {
            if (in == null) {
                throw absent(path);
            }
            BasicFileAttributes found = in.attributes(path.name()).orElseThrow(() -> absent(path));
            if (!found.isDirectory() && !found.isRegularFile()) {
                throw Directory.odd(path.name(), found);
            }
        }
    }

    private static CapitaniaException absent(FilePath path) {
        return new CapitaniaException(ErrorCode.NOT_FOUND, "there is no " + path);
    }

    /** Puts a file in the place of what was seen there, at once and on the disk; false when something else stands there now. */
    boolean replace(FilePath path, @Nullable String seenSha256, byte[] bytes) throws IOException {
        try (Directory in = descend(path.directories(), true)) {
            if (in == null) {
                throw new IllegalStateException(path + " has no directory");
            }
            in.requireOneSpelling(path.name());
            return in.replace(path.name(), seenSha256, bytes);
        }
    }

    /** Takes a file away, if it is what was seen; false when something else stands there now. */
    boolean remove(FilePath path, String seenSha256) throws IOException {
        try (Directory in = descend(path.directories(), false)) {
            return in != null && in.remove(path.name(), seenSha256);
        }
    }

    /** Every wanted ordinary file below a directory, in order of path; what is hidden, linked or special is as if it were not there. */
    List<Entry> below(FilePath directory, Predicate<FilePath> wanted) throws IOException {
        List<Entry> found = new ArrayList<>();
        Deque<FilePath> open = new ArrayDeque<>(List.of(directory));
        int seen = 0;
        while (!open.isEmpty()) {
            FilePath next = open.pop();
            try (Directory in = descend(next.names(), false)) {
                if (in == null) {
                    continue;
                }
                for (String name : in.names()) {
                    if (++seen > MOST_SEEN) {
                        throw new CapitaniaException(
                                        ErrorCode.PAYLOAD_TOO_LARGE, "there are more than " + MOST_SEEN + " files")
                                .withHint("look below a narrower directory");
                    }
                    in.attributes(name)
                            .ifPresent(attributes -> sort(next.child(name), attributes, wanted, open, found));
                }
            }
        }
        found.sort(Comparator.comparing(entry -> entry.path().toString()));
        return found;
    }

    private static void sort(
            FilePath path,
            BasicFileAttributes attributes,
            Predicate<FilePath> wanted,
            Deque<FilePath> open,
            List<Entry> found) {
        if (attributes.isDirectory() && path.names().size() < FilePath.DEEPEST) {
            open.push(path);
        } else if (attributes.isRegularFile() && wanted.test(path)) {
            found.add(new Entry(
                    path, attributes.size(), attributes.lastModifiedTime().toInstant()));
        }
    }

    /** The directory at the end of these names; null when it is not there and not to be made. */
    private @Nullable Directory descend(List<String> names, boolean make) throws IOException {
        Directory at = root.open(".");
        for (String name : names) {
            try (Directory in = at) {
                Optional<BasicFileAttributes> attributes = in.attributes(name);
                if (attributes.isEmpty()) {
                    if (!make) {
                        return null;
                    }
                    in.requireOneSpelling(name);
                    in.makeDirectory(name, staging);
                } else if (!attributes.get().isDirectory()) {
                    throw Directory.odd(name, attributes.get());
                }
                at = in.open(name);
            }
        }
        return at;
    }

    @Override
    public void close() throws IOException {
        root.close();
    }
}
