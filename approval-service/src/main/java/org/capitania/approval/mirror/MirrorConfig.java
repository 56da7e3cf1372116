package org.capitania.approval.mirror;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The mirror of proposals and reviews in the graph. */
@ConfigMapping(prefix = "hq.mirror")
public interface MirrorConfig {
    /** How often rows that are ahead of their nodes are looked for, when no decision rings. */
    @WithDefault("5s")
    Duration every();
}
