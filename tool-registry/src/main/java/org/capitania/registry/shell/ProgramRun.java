package org.capitania.registry.shell;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** Runs a program with nothing of our environment, nothing on its input, and an end: with its time everything it started is killed. */
final class ProgramRun {
    static final String PATH = "/usr/bin:/bin";

    private static final Duration LOOK = Duration.ofMillis(50);

    /**
     * How it went.
     *
     * @param exit -1 when it was killed
     * @param cut whether it said more than is taken
     */
    record Ending(int exit, String out, String err, boolean cut, boolean late) {}

    private final Duration timeout;
    private final int output;

    ProgramRun(Duration timeout, int output) {
        this.timeout = timeout;
        this.output = output;
    }

    Ending run(List<String> argv, Path directory, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(argv).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", PATH, "LANG", "C.UTF-8"));
        builder.environment().putAll(environment);
        builder.redirectInput(new File("/dev/null"));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new CapitaniaException(ErrorCode.NOT_CONFIGURED, argv.getFirst() + " does not start here", e);
        }
        Heard out = new Heard(process.getInputStream());
        Heard err = new Heard(process.getErrorStream());
        boolean ended = watch(process, out, err);
        out.end();
        err.end();
        boolean cut = out.full || err.full;
        return new Ending(ended ? process.exitValue() : -1, out.text(), err.text(), cut, !ended && !cut);
    }

    private boolean watch(Process process, Heard out, Heard err) {
        Set<ProcessHandle> family = new LinkedHashSet<>();
        long end = System.nanoTime() + timeout.toNanos();
        boolean ended = false;
        try {
            while (!ended && System.nanoTime() < end && !out.full && !err.full) {
                // Whose parent has gone is nobody's child any more: all are noted while they can be found.
                process.descendants().forEach(family::add);
                ended = process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            kill(process, family);
        }
        return ended;
    }

    private static void kill(Process process, Set<ProcessHandle> family) {
        // A process that forks while it is killed has children that are found in the next round.
        for (int round = 0; round < 20; round++) {
            process.descendants().forEach(family::add);
            List.copyOf(family).forEach(one -> one.descendants().forEach(family::add));
            family.forEach(ProcessHandle::destroyForcibly);
            // By its handle: a process that is destroyed closes its outputs before they are read to their end.
            process.toHandle().destroyForcibly();
            if (!process.isAlive() && family.stream().noneMatch(ProcessHandle::isAlive)) {
                return;
            }
            Thread.onSpinWait();
        }
    }

    /** What is heard on one of its outputs, up to the most that is taken. */
    private final class Heard {
        private final InputStream in;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread reader;
        private volatile boolean full;

        Heard(InputStream in) {
            this.in = in;
            this.reader = Thread.ofVirtual().start(this::read);
        }

        private void read() {
            byte[] buffer = new byte[8192];
            try {
                for (int n = in.read(buffer); n >= 0 && !full; n = in.read(buffer)) {
                    synchronized (bytes) {
                        int room = output - bytes.size();
                        bytes.write(buffer, 0, Math.min(n, room));
                        full = n > room;
                    }
                }
            } catch (IOException e) {
                // It was killed while it spoke: what was heard is what there is.
                return;
            }
        }

        void end() {
            try {
                reader.join(Duration.ofSeconds(1));
                in.close();
            } catch (IOException e) {
                throw new CapitaniaException(ErrorCode.INTERNAL, "an output could not be closed", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        String text() {
            synchronized (bytes) {
                return bytes.toString(StandardCharsets.UTF_8);
            }
        }
    }
}
