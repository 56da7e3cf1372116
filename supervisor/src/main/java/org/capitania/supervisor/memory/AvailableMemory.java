package org.capitania.supervisor.memory;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Megabytes that can still be had: the lesser of what the cgroup leaves and what the machine has. */
@ApplicationScoped
public class AvailableMemory {
    private static final long MB = 1024 * 1024;

    private final MemoryConfig config;

    AvailableMemory(MemoryConfig config) {
        this.config = config;
    }

    /** Why a cold agent is not woken now, or null. */
    public @org.jspecify.annotations.Nullable String shortage() {
        OptionalLong available = megabytes();
        return available.isPresent() && available.getAsLong() < config.leastMb()
                ? "memory: %d MB available, %d MB needed".formatted(available.getAsLong(), config.leastMb())
                : null;
    }

    /** Empty where neither can be read: then nothing is held for memory. */
    public OptionalLong megabytes() {
        OptionalLong machine = machine();
        OptionalLong group = group();
        if (machine.isEmpty()) {
            return group;
        }
        return group.isEmpty() ? machine : OptionalLong.of(Math.min(machine.getAsLong(), group.getAsLong()));
    }

    private OptionalLong machine() {
        return text(config.meminfo())
                .lines()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst();
    }

    private OptionalLong group() {
        String max = text(config.cgroup().resolve("memory.max")).trim();
        String current = text(config.cgroup().resolve("memory.current")).trim();
        if (max.isEmpty() || max.equals("max") || current.isEmpty()) {
            return OptionalLong.empty();
        }
        // Page cache counts as used there, although it is given back when needed.
        long cache = text(config.cgroup().resolve("memory.stat"))
                .lines()
                .filter(line -> line.startsWith("inactive_file "))
                .mapToLong(line ->
                        Long.parseLong(line.substring("inactive_file ".length()).trim()))
                .findFirst()
                .orElse(0);
        return OptionalLong.of((Long.parseLong(max) - Long.parseLong(current) + cache) / MB);
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
