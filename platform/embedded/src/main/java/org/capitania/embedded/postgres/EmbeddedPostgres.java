package org.capitania.embedded.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.capitania.embedded.Leash;
import org.capitania.embedded.MachineProblem;
import org.capitania.embedded.Ports;

/**
 * A PostgreSQL 17 with pgvector on this machine that loses nothing: fsync and synchronous commit on, data checksums,
 * passwords (SCRAM) for everybody, 127.0.0.1 only. The server is a daemon: it outlives this process unless
 * {@link #endWithThisProcess} is called. Starting and stopping twice is harmless.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    public static final String SUPERUSER = "postgres";

    private static final Path ELSEWHERE = Path.of("/var/lib/capitania");
    private static final String START_SECONDS = "60";

    private final Path directory;
    private final Path log;
    private final int port;
    private final String superuserPassword;

    /**
     * @param directory the server's own directory, for example {@code .hq/postgres}; made when absent
     * @param log the file its messages are appended to
     */
    public EmbeddedPostgres(Path directory, Path log, int port, String superuserPassword) {
        this.directory = directory.toAbsolutePath().normalize();
        this.log = log.toAbsolutePath();
        this.port = port;
        this.superuserPassword = superuserPassword;
    }

    public int port() {
        return port;
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** A connection as the superuser. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), SUPERUSER, superuserPassword);
    }

    /** The server's process while it runs. */
    public OptionalLong pid() {
        return running().map(postmaster -> OptionalLong.of(postmaster.pid())).orElse(OptionalLong.empty());
    }

    public boolean isRunning() {
        return running().isPresent();
    }

    private Optional<Postmaster> running() {
        try {
            return Files.exists(directory) ? Postmaster.of(data()).filter(Postmaster::alive) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Path data() throws IOException {
        return directory.toRealPath().resolve("data");
    }

    /** Starts the server and returns when it accepts connections; on an empty directory it is initialised first. */
    public void start() {
        try {
            Distribution distribution = Distribution.ensure(Cache.directory(ServerUser.ofThisMachine()));
            createDirectory();
            Path data = data();
            ServerUser user = ServerUser.forData(data);
            Optional<Postmaster> postmaster = Postmaster.of(data);
            if (postmaster.isPresent() && postmaster.get().alive()) {
                if (postmaster.get().port() != port) {
                    throw new MachineProblem(
                            MachineProblem.Kind.PORT_IN_USE,
                            "the database of " + directory + " runs already, on port "
                                    + postmaster.get().port() + " instead of " + port + ": stop it first");
                }
                return;
            }
            Ports.requireFree(port, "PostgreSQL");
            Files.deleteIfExists(data.resolve("postmaster.pid"));
            if (!Files.exists(data.resolve("PG_VERSION"))) {
                initialise(distribution, user, data);
            }
            writeSettings(user, data);
            launch(distribution, user, data);
        } catch (IOException e) {
            throw new MachineProblem(
                    MachineProblem.Kind.DISK, "cannot prepare the database in " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Stops the server after rolling back what is open; returns when it is gone. */
    public void stop() {
        end("fast");
    }

    @Override
    public void close() {
        stop();
    }

    private void end(String mode) {
        if (!isRunning()) {
            return;
        }
        try {
            Path data = data();
            ServerUser user = ServerUser.forData(data);
            Distribution distribution = Distribution.ensure(Cache.directory(user));
            Command.Result result = Command.run(
                    user.command(List.of(
                            distribution.bin("pg_ctl").toString(),
                            "stop",
                            "-D",
                            data.toString(),
                            "-m",
                            mode,
                            "-w",
                            "-t",
                            START_SECONDS)),
                    directory.toRealPath());
            if (result.exit() != 0 && isRunning()) {
                throw new MachineProblem(
                        MachineProblem.Kind.DID_NOT_START, "PostgreSQL does not stop: " + result.lastLine());
            }
        } catch (IOException e) {
            throw new MachineProblem(
                    MachineProblem.Kind.DISK, "cannot stop the database in " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Stops the server and deletes its data, wherever they are. */
    public void deleteData() {
        end("immediate");
        try {
            if (Files.exists(directory)) {
                Distribution.deleteTree(directory.toRealPath());
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new MachineProblem(MachineProblem.Kind.DISK, "cannot delete " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * Makes the running server stop when this process is gone, also by SIGKILL, and then deletes the directories given. For
     * tests, which must leave nothing behind.
     */
    public void endWithThisProcess(Path... thenDelete) {
        long server = pid().orElseThrow(() -> new IllegalStateException("the server does not run"));
        // The shell's stdin is a pipe from this process: it ends when this process does. setsid: Ctrl-C is not for it.
        String script = """
                cat >/dev/null
                kill -INT "$1"
                while kill -0 "$1" 2>/dev/null && ! grep -q '^State:.*[ZX]' "/proc/$1/status"; do sleep 0.1; done
                shift
                rm -rf -- "$@"
                """;
        List<String> words = new ArrayList<>(List.of("setsid", "sh", "-c", script, "sh", Long.toString(server)));
        for (Path path : thenDelete) {
            words.add(path.toAbsolutePath().toString());
        }
        try {
            Process guard = new ProcessBuilder(words)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Leash.tie(guard);
        } catch (IOException e) {
            throw new MachineProblem(
                    MachineProblem.Kind.DID_NOT_START, "cannot guard PostgreSQL: " + e.getMessage(), e);
        }
    }

    /**
     * Root's home is closed to the user the server runs as; the data then lie in {@code /var/lib/capitania} and a link
     * stands in their place.
     */
    private void createDirectory() throws IOException {
        if (Files.exists(directory)) {
            return;
        }
        Files.deleteIfExists(directory);
        ServerUser user = ServerUser.ofThisMachine();
        Path parent = Files.createDirectories(
                Optional.ofNullable(directory.getParent()).orElse(directory));
        if (user.canEnter(parent)) {
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            user.own(directory);
            return;
        }
        Path real = ELSEWHERE.resolve("postgres-" + UUID.randomUUID().toString().substring(0, 8));
        Files.createDirectories(real);
        Files.setPosixFilePermissions(ELSEWHERE, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwxr-xr-x"));
        user.own(real);
        if (!user.canEnter(real)) {
            throw new MachineProblem(
                    MachineProblem.Kind.NO_PERMISSION,
                    "user " + user.name().orElse("") + " can enter neither " + parent + " nor " + real
                            + ": set HQ_HOME to a place that is open to it");
        }
        Files.createSymbolicLink(directory, real);
    }

    private void initialise(Distribution distribution, ServerUser user, Path data) throws IOException {
        Path half = data.resolveSibling("data.new");
        Distribution.deleteTree(half);
        Path password = data.resolveSibling("superuser.password.tmp");
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
                            SUPERUSER,
                            "--pwfile=" + password,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale=C",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--data-checksums",
                            "--no-instructions")),
                    directory.toRealPath());
            if (result.exit() != 0) {
                boolean full = result.output().contains("No space left");
                throw new MachineProblem(
                        full ? MachineProblem.Kind.DISK : MachineProblem.Kind.DID_NOT_START,
                        "initdb failed in " + directory + ": " + result.errorLine());
            }
            Files.writeString(
                    half.resolve("postgresql.conf"),
                    "\ninclude 'capitania.conf'\n",
                    java.nio.file.StandardOpenOption.APPEND);
            Files.move(half, data, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(password);
        }
    }

    private void writeSettings(ServerUser user, Path data) throws IOException {
        Path file = data.resolve("capitania.conf");
        Files.writeString(file, PostgresSettings.forPort(port));
        user.own(file);
    }

    private void launch(Distribution distribution, ServerUser user, Path data) throws IOException {
        Files.createDirectories(Optional.ofNullable(log.getParent()).orElse(directory));
        List<String> words = new ArrayList<>(user.command(List.of(
                distribution.bin("pg_ctl").toString(), "start", "-D", data.toString(), "-w", "-t", START_SECONDS)));
        long before = Files.exists(log) ? Files.size(log) : 0;
        // The children of a killed server hold its shared memory until they notice, a moment later.
        for (int attempt = 1; ; attempt++) {
            int exit = runIntoLog(words);
            if (exit == 0 && isRunning()) {
                return;
            }
            String said = readFrom(before);
            if (attempt >= 20 || !said.contains("pre-existing shared memory block")) {
                throw new MachineProblem(
                        said.contains("No space left") ? MachineProblem.Kind.DISK : MachineProblem.Kind.DID_NOT_START,
                        "PostgreSQL did not start: " + new Command.Result(exit, said).errorLine() + " (" + log + ")");
            }
            before = Files.size(log);
            LockSupport.parkNanos(500_000_000L);
        }
    }

    private int runIntoLog(List<String> words) throws IOException {
        try {
            return new ProcessBuilder(words)
                    .directory(directory.toRealPath().toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineProblem(MachineProblem.Kind.DID_NOT_START, "interrupted while PostgreSQL started", e);
        }
    }

    private String readFrom(long offset) throws IOException {
        byte[] all = Files.readAllBytes(log);
        int from = (int) Math.min(offset, all.length);
        return new String(all, from, all.length - from, java.nio.charset.StandardCharsets.UTF_8);
    }
}
