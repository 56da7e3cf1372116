package org.capitania.supervisor.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** A machine as it describes itself in files, and the rules as the seeds have them. */
record MemoryFiles(Path files) implements MemoryConfig {
    void meminfo(String text) throws IOException {
        write("meminfo", text);
    }

    void group(String path, String max, String current) throws IOException {
        write(path + "/memory.max", max + "\n");
        write(path + "/memory.current", current + "\n");
    }

    void write(String path, String text) throws IOException {
        Path file = files.resolve(path.startsWith("/") ? path.substring(1) : path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Override
    public int leastMb() {
        return 600;
    }

    @Override
    public int oneMb() {
        return 400;
    }

    @Override
    public int swapMb() {
        return 500;
    }

    @Override
    public int roomyMb() {
        return 2000;
    }

    @Override
    public Duration swapFor() {
        return Duration.ofMinutes(1);
    }

    @Override
    public Duration look() {
        return Duration.ofSeconds(5);
    }

    @Override
    public Set<String> essential() {
        return Set.of("chief");
    }

    @Override
    public Path cgroup() {
        return files;
    }

    @Override
    public Path ownCgroup() {
        return files.resolve("self");
    }

    @Override
    public Path meminfo() {
        return files.resolve("meminfo");
    }
}
