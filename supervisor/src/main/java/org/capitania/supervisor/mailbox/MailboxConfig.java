package org.capitania.supervisor.mailbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Messages between agents. */
@ConfigMapping(prefix = "hq.mailbox")
public interface MailboxConfig {
    /** How long an ask waits when it does not say (seeds 16.5). */
    @WithDefault("30s")
    Duration timeout();

    /** How long an ask may wait at most (seeds 33.10). */
    @WithDefault("5m")
    Duration ceiling();

    /** How often a waiting ask looks into the store: a reply that came to another replica, or before a restart, is found so. */
    @WithDefault("250ms")
    Duration look();

    /** The longest message, in characters. */
    @WithDefault("32768")
    int longest();
}
