package org.capitania.supervisor.guards;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the two guardians of the fleet watch each other. */
@ConfigMapping(prefix = "hq.guards")
public interface GuardsConfig {
    /** How often the gateway hears that the supervisor lives; it stops gated acts after ten seconds of silence. */
    @WithDefault("2s")
    Duration beat();

    /** A supervisor that has not gone its round for this long does not say that it lives. */
    @WithDefault("60s")
    Duration asleep();

    /** How often the watchdog is looked at. */
    @WithDefault("5s")
    Duration look();

    /** Silence of the watchdog after which it counts as down. */
    @WithDefault("15s")
    Duration silence();
}
