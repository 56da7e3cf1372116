package org.capitania.cli.fleet;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.capitania.cli.Environment;
import org.capitania.cli.home.Home;

/** Prints what processes write to their logs, as they write it, until this command is interrupted. */
final class LogFollower {
    private static final long STEP_NANOS = 250_000_000L;
    private static final int CHUNK = 256 * 1024;

    private final Environment environment;
    private final Home home;

    LogFollower(Environment environment, Home home) {
        this.environment = environment;
        this.home = home;
    }

    void follow(List<String> processes) {
        int width = processes.stream().mapToInt(String::length).max().orElse(0);
        Map<String, Long> offsets = new LinkedHashMap<>();
        processes.forEach(process -> offsets.put(process, size(home.log(process))));
        while (!environment.out().checkError()) {
            for (String process : processes) {
                offsets.put(process, print(process, offsets.getOrDefault(process, 0L), width));
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    /** Prints whole new lines; answers where the next ones begin. */
    private long print(String process, long offset, int width) {
        Path log = home.log(process);
        long size = size(log);
        if (size < offset) {
            return 0; // turned over
        }
        if (size == offset) {
            return offset;
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.min(size - offset, CHUNK)];
            file.seek(offset);
            file.readFully(bytes);
            int end = lastNewline(bytes);
            if (end < 0) {
                return bytes.length == CHUNK ? offset + CHUNK : offset;
            }
            String prefix = String.format("%-" + Math.max(1, width) + "s  ", process);
            new String(bytes, 0, end, StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> environment.out().println(prefix + line));
            environment.out().flush();
            return offset + end + 1;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    private static int lastNewline(byte[] bytes) {
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
