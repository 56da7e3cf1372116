package org.capitania.supervisor.memory;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Megabytes that can still be had: the least of what the machine has and what this process's cgroup and each above it leave. */
@ApplicationScoped
class AvailableMemory {
    private static final long MB = 1024 * 1024;

    private final MemoryConfig config;

    AvailableMemory(MemoryConfig config) {
        this.config = config;
    }

    /** Empty where nothing can be read: then nothing is held for memory. */
    OptionalLong megabytes() {
        LongStream machine = machine("MemAvailable").stream();
        LongStream groups = groups().stream().map(AvailableMemory::left).flatMapToLong(OptionalLong::stream);
        return LongStream.concat(machine, groups).min();
    }

    /** Megabytes of swap in use on the machine; empty where it does not say. */
    OptionalLong swapMegabytes() {
        OptionalLong total = machine("SwapTotal");
        OptionalLong free = machine("SwapFree");
        return total.isPresent() && free.isPresent()
                ? OptionalLong.of(total.getAsLong() - free.getAsLong())
                : OptionalLong.empty();
    }

    private OptionalLong machine(String name) {
        OptionalLong kilobytes = value(text(config.meminfo()), name + ":");
        return kilobytes.isPresent() ? OptionalLong.of(kilobytes.getAsLong() / 1024) : kilobytes;
    }

    /** The group of this process and all above it: on a host the limit is often a slice's or a service's. */
    private List<Path> groups() {
        Path mount = config.cgroup().normalize();
        Path own = text(config.ownCgroup())
                .lines()
                .filter(line -> line.startsWith("0::/"))
                .map(line -> mount.resolve(line.substring("0::/".length())).normalize())
                .findFirst()
                .orElse(mount);
        List<Path> groups = new ArrayList<>();
        for (Path group = own; group != null && group.startsWith(mount); group = group.getParent()) {
            groups.add(group);
        }
        return groups.isEmpty() ? List.of(mount) : groups;
    }

    private static OptionalLong left(Path group) {
        OptionalLong max = number(text(group.resolve("memory.max")));
        OptionalLong current = number(text(group.resolve("memory.current")));
        if (max.isEmpty() || current.isEmpty()) {
            return OptionalLong.empty();
        }
        // Page cache counts as used there, although it is given back when needed.
        long cache = value(text(group.resolve("memory.stat")), "inactive_file").orElse(0);
        return OptionalLong.of((max.getAsLong() - current.getAsLong() + cache) / MB);
    }

    /** The number behind a name that begins a line. */
    private static OptionalLong value(String text, String name) {
        return text.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 1 && words[0].equals(name))
                .map(words -> number(words[1]))
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    /** Empty for what is no number, such as {@code max}. */
    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static String text(Path file) {
        try {
            return Files.isReadable(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            Log.debugf(e, "cannot read %s", file);
            return "";
        }
    }
}
