package org.capitania.servicekit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.time.ZoneId;

/** What a service assumes about a company until the graph says it. */
@ConfigMapping(prefix = "hq.company")
public interface CompanyConfig {
    /** The time zone of a company whose own entity (relationship {@code own}) has no {@code timezone}. */
    @WithDefault("UTC")
    ZoneId zone();

    /** How often the company's time zone is asked for. */
    @WithDefault("10m")
    Duration askZone();
}
