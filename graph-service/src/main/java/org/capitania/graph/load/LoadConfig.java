package org.capitania.graph.load;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How files are loaded. */
@ConfigMapping(prefix = "hq.load")
interface LoadConfig {
    /** Lines that are planned and written together, whole or not at all. */
    @WithDefault("2000")
    int chunk();

    /** Bytes of a chunk, whatever its lines; a line of its own may be as long. The heap holds about ten times this, of two chunks at once. */
    @WithDefault("1048576")
    int chunkBytes();

    /** A load waits while so many events wait for the broker: what others write then waits for no more than these. */
    @WithDefault("20000")
    int backlog();

    /** How long it waits for the relay before it gives up; it can go on later. */
    @WithDefault("5m")
    Duration patience();

    /** How many loads this process carries at once; each holds one connection. */
    @WithDefault("2")
    int atOnce();
}
