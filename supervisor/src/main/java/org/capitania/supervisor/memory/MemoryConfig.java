package org.capitania.supervisor.memory;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;

/** When memory is short. */
@ConfigMapping(prefix = "hq.memory")
public interface MemoryConfig {
    /** Below this many available MB a cold agent is not woken (seeds 19.1). */
    @WithDefault("600")
    @WithName("least-mb")
    int leastMb();

    /** The cgroup of this process, version 2. */
    @WithDefault("/sys/fs/cgroup")
    Path cgroup();

    /** What the machine says. */
    @WithDefault("/proc/meminfo")
    Path meminfo();
}
