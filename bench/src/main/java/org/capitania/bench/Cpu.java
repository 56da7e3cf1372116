package org.capitania.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What processes have computed so far, in milliseconds, and what memory they have, by Linux' own count in hundredths of a second; 0 elsewhere. */
final class Cpu {
    private static final Path PROC = Path.of("/proc");
    private static final double MILLIS_A_TICK = 10;
    // Of /proc/<pid>/stat, counted behind the name.
    private static final int PARENT = 1;
    private static final int OWN = 11;
    private static final int REAPED = 13;

    private Cpu() {}

    /** One process. */
    static double millis(long pid) {
        return stat(PROC.resolve(Long.toString(pid)))
                .map(fields -> sum(fields, OWN))
                .orElse(0.0);
    }

    /** A process, its children, and those of them that have ended: a database server. */
    static double millisOfFamily(long parent) {
        double own = stat(PROC.resolve(Long.toString(parent)))
                .map(fields -> sum(fields, OWN) + sum(fields, REAPED))
                .orElse(0.0);
        if (!Files.isDirectory(PROC)) {
            return own;
        }
        try (Stream<Path> processes = Files.list(PROC)) {
            return own
                    + processes
                            .filter(process -> Character.isDigit(
                                    process.getFileName().toString().charAt(0)))
                            .flatMap(process -> stat(process).stream())
                            .filter(fields -> Long.parseLong(fields[PARENT]) == parent)
                            .mapToDouble(fields -> sum(fields, OWN))
                            .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a process has of the machine's memory now, in MB; 0 elsewhere. */
    static double residentMb(long pid) {
        try (Stream<String> lines = Files.lines(PROC.resolve(pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** The children of this process that have ended and been waited for. */
    static double millisOfEndedChildren() {
        return stat(PROC.resolve("self")).map(fields -> sum(fields, REAPED)).orElse(0.0);
    }

    private static double sum(String[] fields, int first) {
        return (Long.parseLong(fields[first]) + Long.parseLong(fields[first + 1])) * MILLIS_A_TICK;
    }

    /** Nothing when the process has ended. */
    private static Optional<String[]> stat(Path process) {
        try {
            return Optional.of(Files.readString(process.resolve("stat"))
                    .replaceFirst("(?s).*\\) ", "")
                    .split(" "));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            // ESRCH: it ended between being opened and being read.
            return Optional.empty();
        }
    }
}
