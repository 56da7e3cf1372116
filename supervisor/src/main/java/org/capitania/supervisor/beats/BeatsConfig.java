package org.capitania.supervisor.beats;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;

/** What happens by the clock. */
@ConfigMapping(prefix = "hq.beats")
public interface BeatsConfig {
    /** Other schedules than those of {@code beats.json}, by name; {@code off}: it does not fire. */
    Map<String, String> cron();

    /** How late a beat may fire and still be on time; what is later was missed. */
    @WithDefault("10m")
    Duration late();

    /** How often due times are looked for. */
    @WithDefault("1s")
    Duration look();

    /** How long it is kept when a beat fired. */
    @WithDefault("90d")
    Duration keep();
}
