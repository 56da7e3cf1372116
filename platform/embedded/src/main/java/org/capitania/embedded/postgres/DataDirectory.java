package org.capitania.embedded.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.capitania.embedded.MachineProblem;

/**
 * The directory of one server.
 *
 * @param place where its owner expects it, for example {@code .hq/postgres}: a directory, or a link to one
 */
record DataDirectory(Path place) {
    private static final Path ELSEWHERE = Path.of("/var/lib/capitania");

    boolean exists() {
        return Files.exists(place);
    }

    /** The directory itself, where the links are followed. */
    Path real() throws IOException {
        return place.toRealPath();
    }

    /** What PostgreSQL calls the data directory. */
    Path data() throws IOException {
        return real().resolve("data");
    }

    boolean initialised() throws IOException {
        return Files.exists(data().resolve("PG_VERSION"));
    }

    /**
     * Makes the directory when it is absent. Root's home is closed to the user the server runs as; the data then lie in
     * {@code /var/lib/capitania} and a link stands in their place.
     */
    void create() throws IOException {
        if (exists()) {
            return;
        }
        Files.deleteIfExists(place);
        ServerUser user = ServerUser.ofThisMachine();
        Path parent = place.getParent() == null ? place : Files.createDirectories(place.getParent());
        if (user.canEnter(parent)) {
            make(place, user);
            return;
        }
        Path real = ELSEWHERE.resolve("postgres-" + UUID.randomUUID().toString().substring(0, 8));
        Files.createDirectories(ELSEWHERE);
        Files.setPosixFilePermissions(ELSEWHERE, PosixFilePermissions.fromString("rwxr-xr-x"));
        make(real, user);
        if (!user.canEnter(real)) {
            Files.delete(real);
            throw new MachineProblem(
                    MachineProblem.Kind.NO_PERMISSION,
                    "user " + user.name().orElse("") + " can enter neither " + parent + " nor " + ELSEWHERE
                            + ": set HQ_HOME to a place that is open to it");
        }
        Files.createSymbolicLink(place, real);
    }

    private static void make(Path directory, ServerUser user) throws IOException {
        Files.createDirectory(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        user.own(directory);
    }

    /** Runs initdb; a run that is cut off leaves nothing that a later one would take for a database. */
    void initialise(Distribution distribution, ServerUser user, String superuserPassword) throws IOException {
        Path half = real().resolve("data.new");
        Distribution.deleteTree(half);
        Path password = real().resolve("superuser.password.tmp");
        Files.deleteIfExists(password);
        try {
            Files.createFile(
                    password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(password, superuserPassword + "\n");
            user.own(password);
            Command.Result result = Command.run(
                    user.command(List.of(
                            distribution.bin("initdb").toString(),
                            "-D",
                            half.toString(),
                            "-U",
                            EmbeddedPostgres.SUPERUSER,
                            "--pwfile=" + password,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale=C",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--data-checksums",
                            "--no-instructions")),
                    real());
            if (result.exit() != 0) {
                throw new MachineProblem(
                        result.output().contains("No space left")
                                ? MachineProblem.Kind.DISK
                                : MachineProblem.Kind.DID_NOT_START,
                        "initdb failed in " + place + ": " + result.errorLine());
            }
            Files.writeString(
                    half.resolve("postgresql.conf"), "\ninclude 'capitania.conf'\n", StandardOpenOption.APPEND);
            Files.move(half, data(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(password);
        }
    }

    void writeSettings(ServerUser user, int port) throws IOException {
        Path file = data().resolve("capitania.conf");
        Files.writeString(file, PostgresSettings.forPort(port));
        user.own(file);
    }

    void delete() throws IOException {
        if (exists()) {
            Distribution.deleteTree(real());
        }
        Files.deleteIfExists(place);
    }

    Optional<Postmaster> postmaster() {
        try {
            return exists() ? Postmaster.of(data()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
