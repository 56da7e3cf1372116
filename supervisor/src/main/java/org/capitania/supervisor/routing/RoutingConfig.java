package org.capitania.supervisor.routing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** What is known of events before any agent has seen them. */
@ConfigMapping(prefix = "hq.routing")
public interface RoutingConfig {
    /** Types that carry or rest on content from outside: their tasks are tainted. */
    @WithDefault("email.*,interaction.*,event.*,calendar.*,kb.*,alert.*,customer.*,prospect.*,producer.*,obligation.*")
    List<String> outside();

    /** How long it is kept why an event was ignored. */
    @WithDefault("30d")
    Duration keepIgnored();
}
