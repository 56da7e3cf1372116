package org.capitania.supervisor.fences;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What the supervisor asks the gateway. */
@ConfigMapping(prefix = "hq.fences")
public interface FencesConfig {
    /** How long an answer about a role's budget counts: a wake that is held is looked at with every tick. */
    @WithDefault("5s")
    Duration standing();
}
