package org.capitania.bench;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** One of the two relays, in a process of its own: held (SIGSTOP) while the other carries, so that they do not share the processors. */
final class RelaySide implements AutoCloseable {
    private final String topic;
    private final String applications;
    private final Path log;
    private final Process process;
    private final OutputStream bell;

    /**
     * @param topic where it carries to
     * @param applications pattern of the names under which it connects to the database
     * @param log where its own messages go
     */
    RelaySide(String topic, String applications, Path log, List<String> arguments) {
        this.topic = topic;
        this.applications = applications;
        this.log = log;
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
        command.addAll(BenchFleet.FLAGS);
        command.addAll(arguments);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bell = process.getOutputStream();
        // One that is held does not see its stdin end.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    String topic() {
        return topic;
    }

    /** Says that something has been committed. */
    void ring() {
        synchronized (bell) {
            try {
                bell.write('c');
                bell.flush();
            } catch (IOException e) {
                throw new IllegalStateException(ended(), e);
            }
        }
    }

    /** Stops it between two transactions. */
    void hold(RelayStage stage) {
        signal("-STOP");
        while (!stage.areIdle(applications)) {
            signal("-CONT");
            LockSupport.parkNanos(5_000_000);
            signal("-STOP");
        }
    }

    void go() {
        signal("-CONT");
        ring();
    }

    /** Fails when the process is gone. */
    void check() {
        if (!process.isAlive()) {
            throw new IllegalStateException(ended());
        }
    }

    private String ended() {
        try {
            List<String> lines = Files.readAllLines(log);
            return "the relay to " + topic + " has ended: "
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What its process and those of the server that work for it have computed so far, in milliseconds. */
    double cpuMillis(RelayStage stage) {
        double sum = Cpu.millis(process.pid());
        for (long worker : stage.workers(applications)) {
            sum += Cpu.millis(worker);
        }
        return sum;
    }

    private void signal(String signal) {
        try {
            int exit = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .redirectError(new File("/dev/null"))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException(ended());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
