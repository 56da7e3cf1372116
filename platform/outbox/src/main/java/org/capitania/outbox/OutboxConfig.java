package org.capitania.outbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The relay of the outbox. */
@ConfigMapping(prefix = "hq.outbox")
public interface OutboxConfig {
    /** How often the relay looks when no commit of its own process wakes it. */
    @WithDefault("500ms")
    Duration poll();

    /** How long what nobody waits for may wait for others to go with it. */
    @WithDefault("150ms")
    Duration unhurried();

    /** How long published rows stay; at least seven days, which is what a lost broker can be healed from. */
    @WithDefault("7d")
    Duration keep();

    /** How long inbox rows stay; longer than any topic that is not kept for ever. */
    @WithDefault("45d")
    Duration keepInbox();

    /** How many rows are in flight at once. */
    @WithDefault("500")
    int page();

    /** Whether this process competes for the relay of its schema. */
    @WithDefault("true")
    boolean enabled();
}
