package org.capitania.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Memory of processes and of the machine, in bytes. */
public final class Memory {
    private static final long KIB = 1024;

    private Memory() {}

    /** What a process holds in memory now. */
    public static OptionalLong resident(long pid) {
        OptionalLong fromProc = kibibytes(Path.of("/proc/" + pid + "/status"), "VmRSS:");
        return fromProc.isPresent() ? fromProc : fromPs(pid);
    }

    /**
     * What a process and its children hold together. Memory that several of them share (PostgreSQL's buffers) counts once where the
     * system can tell.
     */
    public static long residentWithChildren(long pid) {
        List<Long> tree = Stream.concat(
                        Stream.of(pid),
                        ProcessHandle.of(pid).stream()
                                .flatMap(ProcessHandle::descendants)
                                .map(ProcessHandle::pid))
                .toList();
        if (tree.size() == 1) {
            return resident(pid).orElse(0);
        }
        return tree.stream()
                .mapToLong(p -> kibibytes(Path.of("/proc/" + p + "/smaps_rollup"), "Pss:")
                        .orElseGet(() -> resident(p).orElse(0)))
                .sum();
    }

    /**
     * What a new process could still get: the machine's available memory, or what this control group may still take when that is
     * less. Empty where neither can be read.
     */
    public static OptionalLong available() {
        OptionalLong machine = kibibytes(Path.of("/proc/meminfo"), "MemAvailable:");
        OptionalLong group = leftInGroup(Path.of("/sys/fs/cgroup"));
        if (machine.isEmpty() || group.isEmpty()) {
            return machine.isPresent() ? machine : group;
        }
        return OptionalLong.of(Math.min(machine.getAsLong(), group.getAsLong()));
    }

    /** What a control group, the directory of which is given, may still take; empty for one without a limit. */
    static OptionalLong leftInGroup(Path group) {
        try {
            String limit = Files.readString(group.resolve("memory.max")).strip();
            return limit.equals("max")
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(limit)
                            - Long.parseLong(Files.readString(group.resolve("memory.current"))
                                    .strip())
                            + reclaimable(group.resolve("memory.stat"), "inactive_file "));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Cached file pages count as used by the group and are given back on demand. */
    private static long reclaimable(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private static OptionalLong kibibytes(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong fromPs(long pid) {
        try {
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
            String text = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text) * KIB);
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
