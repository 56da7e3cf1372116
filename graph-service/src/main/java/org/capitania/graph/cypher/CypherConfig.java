package org.capitania.graph.cypher;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What one query in Cypher may take. */
@ConfigMapping(prefix = "hq.cypher")
public interface CypherConfig {
    /** After this time a query is ended. */
    @WithDefault("10s")
    Duration timeout();

    /** After this time the copying of a graph is ended; the first of a large one takes the longest. */
    @WithDefault("5m")
    Duration refreshTimeout();
}
