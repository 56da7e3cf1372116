package org.capitania.ingest.embedding;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How texts are embedded; by whom, says {@code hq.embedding}. */
@ConfigMapping(prefix = "hq.embed-worker")
interface EmbedConfig {
    /** How often it looks for texts without being told of one. */
    @WithDefault("30s")
    Duration every();

    /** How many texts are embedded at a time. */
    @WithDefault("16")
    int batch();

    /** After a provider has refused the key, how long nobody asks it again; telling the worker to run ends it. */
    @WithDefault("1h")
    Duration pauseAfterRefusal();
}
