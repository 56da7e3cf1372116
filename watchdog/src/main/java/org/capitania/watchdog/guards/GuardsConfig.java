package org.capitania.watchdog.guards;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The watchdog's sign of life. */
@ConfigMapping(prefix = "hq.guards")
public interface GuardsConfig {
    /** How often the gateway hears that the watchdog lives; it stops gated acts after ten seconds of silence. */
    @WithDefault("2s")
    Duration beat();

    /** A watchdog that has not finished a check for this long does not say that it lives. */
    @WithDefault("60s")
    Duration asleep();
}
