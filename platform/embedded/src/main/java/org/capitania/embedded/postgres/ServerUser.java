package org.capitania.embedded.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.capitania.embedded.MachineProblem;

/**
 * The operating system user PostgreSQL runs as: this process' own, or, since PostgreSQL refuses root, an unprivileged
 * one that root drops to.
 *
 * @param name user name; empty for the user of this process
 * @param launcher the words before a command that make it run as that user
 */
record ServerUser(Optional<String> name, List<String> launcher) {

    /** The user to run as on this machine. */
    static ServerUser ofThisMachine() {
        if (!isRoot()) {
            return new ServerUser(Optional.empty(), List.of());
        }
        return Stream.of("postgres", "nobody")
                .flatMap(candidate -> account(candidate).stream())
                .findFirst()
                .map(ServerUser::droppedTo)
                .orElseThrow(
                        () -> new MachineProblem(
                                MachineProblem.Kind.MISSING_TOOL,
                                "PostgreSQL refuses to run as root and there is neither a user postgres nor nobody: add one with useradd"));
    }

    /** The user to run a server on existing data as: for root the one who owns the data. */
    static ServerUser forData(Path data) throws IOException {
        if (!Files.exists(data)) {
            return ofThisMachine();
        }
        String owner = Files.getOwner(data).getName();
        if (isRoot()) {
            return account(owner)
                    .filter(account -> !"root".equals(owner))
                    .map(ServerUser::droppedTo)
                    .orElseThrow(() -> new MachineProblem(
                            MachineProblem.Kind.NO_PERMISSION,
                            data + " is owned by " + owner
                                    + ", whom PostgreSQL does not accept: chown -R it to postgres or nobody"));
        }
        if (!owner.equals(System.getProperty("user.name"))) {
            throw new MachineProblem(
                    MachineProblem.Kind.NO_PERMISSION,
                    data + " is owned by " + owner + ": run this as " + owner + " or as root");
        }
        return ofThisMachine();
    }

    static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    private static ServerUser droppedTo(String[] account) {
        String name = account[0];
        if (onPath("setpriv")) {
            return new ServerUser(
                    Optional.of(name),
                    List.of("setpriv", "--reuid=" + account[2], "--regid=" + account[3], "--clear-groups", "--"));
        }
        if (onPath("runuser")) {
            return new ServerUser(Optional.of(name), List.of("runuser", "-u", name, "--"));
        }
        throw new MachineProblem(
                MachineProblem.Kind.MISSING_TOOL,
                "PostgreSQL refuses to run as root and neither setpriv nor runuser is there: apt-get install util-linux");
    }

    private static Optional<String[]> account(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/etc/passwd"))) {
            return lines.map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 3 && fields[0].equals(name))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean onPath(String tool) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin") + ":/usr/sbin:/sbin";
        return Stream.of(path.split(":")).anyMatch(dir -> Files.isExecutable(Path.of(dir, tool)));
    }

    /** The command, made to run as this user. */
    List<String> command(List<String> words) {
        List<String> all = new ArrayList<>(launcher);
        all.addAll(words);
        return all;
    }

    /** Whether this user can enter the directory. */
    boolean canEnter(Path dir) {
        if (name.isEmpty()) {
            return Files.isExecutable(dir);
        }
        try {
            Process test = new ProcessBuilder(command(List.of("test", "-x", dir.toString())))
                    .redirectErrorStream(true)
                    .start();
            test.getInputStream().readAllBytes();
            return test.waitFor(10, TimeUnit.SECONDS) && test.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Makes a path this user's own; nothing to do when it is the user of this process. */
    void own(Path path) throws IOException {
        if (name.isPresent()) {
            Files.setAttribute(
                    path,
                    "posix:owner",
                    path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name.get()),
                    LinkOption.NOFOLLOW_LINKS);
        }
    }
}
