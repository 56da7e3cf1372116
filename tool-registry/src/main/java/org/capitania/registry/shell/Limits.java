package org.capitania.registry.shell;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long a command may run and how much it may say. */
@ConfigMapping(prefix = "hq.shell")
public interface Limits {
    @WithDefault("20s")
    Duration timeout();

    /** Of each of its two outputs, in bytes. */
    @WithDefault("65536")
    int output();
}
