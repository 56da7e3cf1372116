package org.capitania.supervisor.roster;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** The agents there are. */
@ConfigMapping(prefix = "hq.roster")
public interface RosterConfig {
    /** The roles of every tenant; another one is an unknown peer. */
    @WithDefault("chief,operator")
    List<String> roles();

    /** How often an agent process registers again. */
    @WithDefault("10s")
    Duration renewal();

    /** Silence after which its process is taken for gone: three missed renewals. */
    @WithDefault("30s")
    Duration silence();

    /** How long an agent stays in cooldown after a run (seeds 16.4). */
    @WithDefault("90s")
    Duration cooldown();
}
