package org.capitania.embedded.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.capitania.embedded.Leash;
import org.capitania.embedded.MachineProblem;
import org.capitania.embedded.Ports;

/**
 * A PostgreSQL 17 with pgvector on this machine that loses nothing: fsync and synchronous commit on, data checksums,
 * passwords (SCRAM) for everybody, 127.0.0.1 only. The server is a daemon: it outlives this process unless
 * {@link #endWithThisProcess} is called. Starting and stopping twice is harmless. What the machine lacks is a {@link
 * MachineProblem}.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    public static final String SUPERUSER = "postgres";

    private static final String PATIENCE_SECONDS = "60";
    private static final int ATTEMPTS = 20;

    private final DataDirectory directory;
    private final Path log;
    private final int port;
    private final String superuserPassword;

    /**
     * @param directory the server's own directory, for example {@code .hq/postgres}; made when absent
     * @param log the file its messages are appended to
     * @param superuserPassword what {@value #SUPERUSER} gets when the database is initialised, and connects with ever after
     */
    public EmbeddedPostgres(Path directory, Path log, int port, String superuserPassword) {
        this.directory = new DataDirectory(directory.toAbsolutePath().normalize());
        this.log = log.toAbsolutePath();
        this.port = port;
        this.superuserPassword = superuserPassword;
    }

    /** Whether {@link #prepare} has nothing to do on this machine. */
    public static boolean isPrepared() {
        return Distribution.isCached(Cache.directory(ServerUser.ofThisMachine()));
    }

    /** Unpacks PostgreSQL and builds pgvector into the cache, once a machine; some seconds, and needs a network and gcc. */
    public static void prepare() {
        Distribution.ensure(Cache.directory(ServerUser.ofThisMachine()));
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
        return directory.postmaster().filter(Postmaster::alive);
    }

    /** Starts the server and returns when it accepts connections; on an empty directory it is initialised first. */
    public void start() {
        try {
            Distribution distribution = Distribution.ensure(Cache.directory(ServerUser.ofThisMachine()));
            directory.create();
            Optional<Postmaster> already = running();
            if (already.isPresent()) {
                requireSamePort(already.get());
                return;
            }
            ServerUser user = ServerUser.forData(directory.data());
            Ports.requireFree(port, "PostgreSQL");
            if (!directory.initialised()) {
                directory.initialise(distribution, user, superuserPassword);
            }
            directory.writeSettings(user, port);
            Files.deleteIfExists(directory.data().resolve("postmaster.pid"));
            launch(distribution, user);
        } catch (IOException e) {
            throw onDisk("cannot prepare the database in " + directory.place(), e);
        }
    }

    /** Stops the server, rolling back what is open; returns when it is gone. */
    public void stop() {
        end("fast");
    }

    @Override
    public void close() {
        stop();
    }

    /** Stops the server and deletes its data, wherever they are. */
    public void deleteData() {
        end("immediate");
        try {
            directory.delete();
        } catch (IOException e) {
            throw onDisk("cannot delete " + directory.place(), e);
        }
    }

    /**
     * Makes the running server, or the one that was started in its place by then, stop when this process is gone, also by
     * SIGKILL, and then deletes the directories given. For tests, which must leave nothing behind.
     */
    public void endWithThisProcess(Path... thenDelete) {
        if (!isRunning()) {
            throw new IllegalStateException("the server does not run");
        }
        // The shell's stdin is a pipe from this process: it ends when this process does. setsid: Ctrl-C is not for it.
        String script = """
                cat >/dev/null
                server=$(head -n 1 "$1" 2>/dev/null)
                if [ -n "$server" ]; then
                  kill -INT "$server"
                  while kill -0 "$server" 2>/dev/null && ! grep -q '^State:.*[ZX]' "/proc/$server/status"; do sleep 0.1; done
                fi
                shift
                rm -rf -- "$@"
                """;
        try {
            List<String> words = new ArrayList<>(List.of(
                    "setsid",
                    "sh",
                    "-c",
                    script,
                    "sh",
                    directory.data().resolve("postmaster.pid").toString()));
            for (Path path : thenDelete) {
                words.add(path.toAbsolutePath().toString());
            }
            Leash.tie(Command.builder(words)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new MachineProblem(
                    MachineProblem.Kind.DID_NOT_START, "cannot guard PostgreSQL: " + e.getMessage(), e);
        }
    }

    private void requireSamePort(Postmaster already) {
        if (already.port() != port) {
            throw new MachineProblem(
                    MachineProblem.Kind.PORT_IN_USE,
                    "the database of " + directory.place() + " runs already, on port " + already.port() + " instead of "
                            + port + ": stop it first");
        }
    }

    private void end(String mode) {
        if (!isRunning()) {
            return;
        }
        try {
            ServerUser user = ServerUser.forData(directory.data());
            Distribution distribution = Distribution.ensure(Cache.directory(user));
            Command.Result result =
                    Command.run(user.command(pgCtl(distribution, "stop", "-m", mode)), directory.real());
            if (result.exit() != 0 && isRunning()) {
                throw new MachineProblem(
                        MachineProblem.Kind.DID_NOT_START, "PostgreSQL does not stop: " + result.lastLine());
            }
        } catch (IOException e) {
            throw onDisk("cannot stop the database in " + directory.place(), e);
        }
    }

    private List<String> pgCtl(Distribution distribution, String verb, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                distribution.bin("pg_ctl").toString(),
                verb,
                "-D",
                directory.data().toString(),
                "-w",
                "-t",
                PATIENCE_SECONDS));
        words.addAll(List.of(more));
        return words;
    }

    private void launch(Distribution distribution, ServerUser user) throws IOException {
        if (log.getParent() != null) {
            Files.createDirectories(log.getParent());
        }
        long before = Files.exists(log) ? Files.size(log) : 0;
        List<String> words = user.command(pgCtl(distribution, "start"));
        // The children of a killed server hold its shared memory until they notice, a moment later.
        for (int attempt = 1; ; attempt++) {
            int exit = runIntoLog(words);
            if (exit == 0 && isRunning()) {
                return;
            }
            String said = readLogFrom(before);
            if (attempt == ATTEMPTS || !said.contains("pre-existing shared memory block")) {
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
            return Command.builder(words)
                    .directory(directory.real().toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineProblem(MachineProblem.Kind.DID_NOT_START, "interrupted while PostgreSQL started", e);
        }
    }

    private String readLogFrom(long offset) throws IOException {
        byte[] all = Files.readAllBytes(log);
        int from = (int) Math.min(offset, all.length);
        return new String(all, from, all.length - from, StandardCharsets.UTF_8);
    }

    private static MachineProblem onDisk(String what, IOException e) {
        return new MachineProblem(MachineProblem.Kind.DISK, what + ": " + e.getMessage(), e);
    }
}
