package org.capitania.registry.calendar;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Meetings with people from outside. */
@ConfigMapping(prefix = "hq.meetings")
interface MeetingsConfig {
    /** How long before its begin one is told of. */
    @WithDefault("24h")
    Duration ahead();

    /** How often the calendar is looked at. */
    @WithDefault("5m")
    Duration look();
}
