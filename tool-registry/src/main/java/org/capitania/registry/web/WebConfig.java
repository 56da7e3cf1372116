package org.capitania.registry.web;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What {@code web_fetch} and {@code web_search} may do on the network. */
@ConfigMapping(prefix = "hq.web")
public interface WebConfig {
    /** The ports that are asked, and no others. */
    @WithDefault("80,443")
    Set<Integer> ports();

    /** Addresses that are asked although they are not public, as a test's own server; with any of them the service does not start in production. */
    Optional<List<String>> extraAddresses();

    /** How long everything together may take. */
    @WithDefault("20s")
    Duration timeout();

    /** The most that is taken over the line, in bytes. */
    @WithDefault("2097152")
    int largest();

    /** The most that it may become when it is unpacked, in bytes. */
    @WithDefault("8388608")
    int largestUnpacked();

    /** How many addresses and searches a task asks that has read from outside. Which ones it follows, and in which order, tells those who own them something each time. */
    @WithDefault("10")
    int follows();

    /** How many redirects are followed, each looked at as if it were the first. */
    @WithDefault("4")
    int redirects();
}
