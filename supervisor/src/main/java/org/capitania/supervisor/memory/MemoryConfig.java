package org.capitania.supervisor.memory;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** When memory is short (seeds 25.2). */
@ConfigMapping(prefix = "hq.memory")
public interface MemoryConfig {
    /** Below this many available MB a cold agent is not woken, and a stopped one not started. */
    @WithDefault("600")
    @WithName("least-mb")
    int leastMb();

    /** Below this many available MB one agent works at a time. */
    @WithDefault("400")
    @WithName("one-mb")
    int oneMb();

    /** More MB of swap than this in use, for as long as {@link #swapFor()}, hold whoever is not {@link #essential()}. */
    @WithDefault("500")
    @WithName("swap-mb")
    int swapMb();

    /** Swap counts only with less memory than this available: pages put away long ago on a machine with room are no distress. */
    @WithDefault("2000")
    @WithName("roomy-mb")
    int roomyMb();

    /** How long swap is in use before it counts. */
    @WithDefault("1m")
    Duration swapFor();

    /** How often swap is looked at. */
    @WithDefault("5s")
    Duration look();

    /** Who works on while the machine swaps: whoever answers customers (seeds 27.2). */
    @WithDefault("chief")
    Set<String> essential();

    /** Where cgroups of version 2 are mounted. */
    @WithDefault("/sys/fs/cgroup")
    Path cgroup();

    /** Says which of them is this process's. */
    @WithDefault("/proc/self/cgroup")
    Path ownCgroup();

    /** What the machine says. */
    @WithDefault("/proc/meminfo")
    Path meminfo();
}
