package org.capitania.embedded.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code postmaster.pid} says about the server on a data directory.
 *
 * @param pid its process
 * @param port the port it listens on
 * @param alive whether that process is there, is no zombie, and is a PostgreSQL on this very directory
 */
record Postmaster(long pid, int port, boolean alive) {

    static Optional<Postmaster> of(Path data) {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            long pid = Long.parseLong(lines.getFirst().strip());
            int port = lines.size() > 3 ? Integer.parseInt(lines.get(3).strip()) : 0;
            return Optional.of(new Postmaster(pid, port, servesHere(pid, data)));
        } catch (IOException | NumberFormatException | java.util.NoSuchElementException e) {
            return Optional.empty();
        }
    }

    /** A server that was asked to stop by SIGKILL stays a zombie where nobody reaps it; its pid file is stale all the same. */
    private static boolean servesHere(long pid, Path data) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            if (state == 'Z' || state == 'X') {
                return false;
            }
            String command = new String(
                    Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline")), StandardCharsets.UTF_8);
            return command.contains("postgres") && command.contains(data.toString());
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
