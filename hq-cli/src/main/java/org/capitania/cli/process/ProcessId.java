package org.capitania.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that cannot be mistaken for a later one with the same number: on Linux its start in ticks since boot and the boot it
 * belongs to, elsewhere the time of its start.
 */
public record ProcessId(long pid, String started) {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int START_TIME_FIELD = 22;

    /** The process with this number now, if there is one that is not a zombie. */
    public static Optional<ProcessId> of(long pid) {
        return start(pid).map(started -> new ProcessId(pid, started));
    }

    /** Whether this very process still runs. */
    public boolean alive() {
        return start(pid).filter(started::equals).isPresent();
    }

    /** Since when it runs. */
    public Optional<Instant> since() {
        return ProcessHandle.of(pid)
                .filter(handle -> alive())
                .flatMap(handle -> handle.info().startInstant());
    }

    /** Asks it to end; nothing happens when it is gone already. */
    public void terminate() {
        if (alive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }

    /** Ends it at once. */
    public void kill() {
        if (alive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static Optional<String> start(long pid) {
        Path stat = Path.of("/proc/" + pid + "/stat");
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .map(handle ->
                            handle.info().startInstant().map(Instant::toString).orElse("unknown"));
        }
        try {
            String line = Files.readString(stat);
            // The name in parentheses may hold spaces and parentheses itself.
            String[] rest = line.substring(line.lastIndexOf(')') + 2).split(" ");
            boolean gone = rest[0].equals("Z") || rest[0].equals("X");
            return gone ? Optional.empty() : Optional.of(rest[START_TIME_FIELD - 3] + "@" + boot());
        } catch (IOException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static String boot() throws IOException {
        return Files.isReadable(BOOT) ? Files.readString(BOOT).strip() : "";
    }
}
