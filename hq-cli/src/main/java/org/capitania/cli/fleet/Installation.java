package org.capitania.cli.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.cli.Failure;
import org.capitania.cli.home.Home;
import org.capitania.cli.home.Trees;

/**
 * Copies of what was built, named by their content, that a running process keeps while the build makes new ones: a jar that changes
 * under a JVM breaks it. Equal files are stored once and linked.
 */
final class Installation {
    private static final int NAME_LENGTH = 16;

    private final Path directory;

    /**
     * @param directory where the copies are kept, for example {@code target/dist} of the checkout
     */
    Installation(Path directory) {
        this.directory = directory;
    }

    /** One file to install: its name inside the copy and where it was built. */
    private record Item(String name, Path source) {
        String fingerprint() {
            try {
                return name + " " + Files.size(source) + " "
                        + Files.getLastModifiedTime(source).toMillis();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The copy of all files under a directory; made when its content was never installed before. */
    Path install(String name, Path built) {
        if (!Files.isDirectory(built)) {
            throw Failure.system("not_built", name + " is not built: " + built + " is missing")
                    .withHint("hq build");
        }
        try (Stream<Path> files = Files.walk(built)) {
            return install(
                    name,
                    files.filter(Files::isRegularFile)
                            .sorted()
                            .map(file -> new Item(built.relativize(file).toString(), file))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + built, e);
        }
    }

    /** The copy of single files, all in one directory. */
    Path installFiles(String name, List<Path> files) {
        return install(
                name,
                files.stream()
                        .map(file -> new Item(file.getFileName().toString(), file))
                        .toList());
    }

    private Path install(String name, List<Item> items) {
        Path home = directory.resolve(name);
        String fingerprint =
                String.join("\n", items.stream().map(Item::fingerprint).toList());
        Path known = home.resolve("built-from");
        try {
            Files.createDirectories(home);
            if (Files.exists(known)) {
                String[] parts = Files.readString(known).split("\n", 2);
                Path copy = home.resolve(parts[0]);
                if (parts.length == 2 && parts[1].equals(fingerprint) && Files.isDirectory(copy)) {
                    return copy;
                }
            }
            List<String> digests = new ArrayList<>();
            for (Item item : items) {
                digests.add(digest(item.source()));
            }
            Path copy = home.resolve(contentName(items, digests));
            if (!Files.isDirectory(copy)) {
                copy(items, digests, copy);
            }
            Home.write(known, copy.getFileName() + "\n" + fingerprint);
            deleteUnused(home, copy);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot install " + name + " in " + home, e);
        }
    }

    private void copy(List<Item> items, List<String> digests, Path copy) throws IOException {
        Path half = copy.resolveSibling(
                copy.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        for (int i = 0; i < items.size(); i++) {
            Path target = half.resolve(items.get(i).name());
            Files.createDirectories(Home.parent(target));
            link(stored(items.get(i).source(), digests.get(i)), target);
        }
        try {
            Files.move(half, copy, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(copy)) {
                throw e;
            }
            Trees.delete(half); // another command installed the same meanwhile
        }
    }

    /** The one stored file of this content. */
    private Path stored(Path source, String digest) throws IOException {
        Path file = directory.resolve("files").resolve(digest.substring(0, 2)).resolve(digest);
        if (!Files.exists(file)) {
            Files.createDirectories(Home.parent(file));
            Path part =
                    file.resolveSibling(digest + "." + ProcessHandle.current().pid());
            Files.copy(source, part, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    private static void link(Path stored, Path target) throws IOException {
        try {
            Files.createLink(target, stored);
        } catch (FileAlreadyExistsException e) {
            return;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(stored, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    /** Older copies go as soon as no process was started from them. */
    private void deleteUnused(Path home, Path current) throws IOException {
        String running = String.join(
                "\n",
                ProcessHandle.allProcesses()
                        .flatMap(process -> process.info().commandLine().stream())
                        .toList());
        try (Stream<Path> copies = Files.list(home)) {
            for (Path copy : copies.filter(Files::isDirectory).toList()) {
                if (!copy.equals(current) && !running.contains(copy.toString())) {
                    Trees.delete(copy);
                }
            }
        }
        deleteUnlinked();
    }

    /** Stored files that no copy uses any more. */
    private void deleteUnlinked() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("files"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Integer.valueOf(1).equals(Files.getAttribute(file, "unix:nlink"))) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String contentName(List<Item> items, List<String> digests) {
        StringBuilder content = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            content.append(items.get(i).name())
                    .append(' ')
                    .append(digests.get(i))
                    .append('\n');
        }
        return HexFormat.of()
                .formatHex(sha256().digest(content.toString().getBytes(StandardCharsets.UTF_8)))
                .substring(0, NAME_LENGTH);
    }

    private static String digest(Path file) throws IOException {
        MessageDigest sha256 = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
