package org.capitania.registry.notify;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How much an agent may tell people. */
@ConfigMapping(prefix = "hq.notify")
interface NotifyConfig {
    /** How many notifications of one tool an agent has an hour. */
    @WithDefault("6")
    int perHour();
}
