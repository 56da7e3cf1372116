package org.capitania.cli.home;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.capitania.cli.Environment;

/** {@code $HQ_HOME}: everything one fleet on this machine keeps. */
public record Home(Path directory) {
    private static final String PRIVATE_DIRECTORY = "rwx------";
    private static final String PRIVATE_FILE = "rw-------";

    /** {@code HQ_HOME}, or {@code .hq} in the checkout. */
    public static Home of(Environment environment) {
        return new Home(environment
                .variable("HQ_HOME")
                .map(home -> environment.workingDirectory().resolve(home))
                .orElseGet(() -> environment.root().resolve(".hq"))
                .toAbsolutePath()
                .normalize());
    }

    public Path settings() {
        return directory.resolve("config.yaml");
    }

    public Path postgres() {
        return directory.resolve("postgres");
    }

    public Path kafka() {
        return directory.resolve("kafka");
    }

    public Path logs() {
        return directory.resolve("logs");
    }

    public Path log(String process) {
        return logs().resolve(process + ".log");
    }

    public Path run() {
        return directory.resolve("run");
    }

    public Path fleetRecord() {
        return run().resolve("fleet.json");
    }

    /** The tools' definitions as they were last published. */
    public Path toolDefinitions() {
        return run().resolve("tools.json");
    }

    public Path ownerKey() {
        return directory.resolve("tokens").resolve("owner");
    }

    public Path secrets() {
        return directory.resolve("secrets");
    }

    public Path keys() {
        return directory.resolve("keys");
    }

    /** The private keys one process may read. */
    public Path keys(String process) {
        return keys().resolve(process);
    }

    public Path publicKeys() {
        return keys().resolve("jwks.json");
    }

    public Path mailInbox() {
        return directory.resolve("mail").resolve("inbox");
    }

    public Path mailSent() {
        return directory.resolve("mail").resolve("sent");
    }

    /** The company's files, which tool-registry makes and keeps. */
    public Path files() {
        return directory.resolve("files");
    }

    /** Makes the directories that are not there; those with secrets in them are for their owner only. */
    public void create() {
        try {
            for (Path open : new Path[] {directory, kafka(), logs(), run(), mailInbox(), mailSent()}) {
                Files.createDirectories(open);
            }
            for (Path closed : new Path[] {secrets(), keys(), parent(ownerKey())}) {
                if (!Files.isDirectory(closed)) {
                    Files.createDirectories(
                            closed,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE_DIRECTORY)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory, e);
        }
    }

    /** The directory a file is in. */
    public static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " has no parent");
        }
        return parent;
    }

    /** Replaces a file at once: a reader sees the old content or the new, never half of it. */
    public static void write(Path file, String content) {
        replace(file, content, false);
    }

    /** As {@link #write}, and nobody else can read the file at any moment. */
    public static void writePrivately(Path file, String content) {
        replace(file, content, true);
    }

    private static void replace(Path file, String content, boolean closed) {
        try {
            Path fresh = file.resolveSibling(
                    "." + file.getFileName() + "." + ProcessHandle.current().pid());
            Files.deleteIfExists(fresh);
            if (closed) {
                Files.createFile(
                        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE_FILE)));
            }
            Files.writeString(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
