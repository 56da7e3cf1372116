package org.capitania.graph.search;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.OptionalDouble;

/** How nodes are searched. */
@ConfigMapping(prefix = "hq.search")
interface SearchConfig {
    /**
     * Up to so many nodes under a filter are all compared with the words' vector; beyond, the index is asked. An exact comparison costs about
     * 2 µs a node, an index scan finds next to nothing under a filter that lets few through.
     */
    @WithDefault("3000")
    int exactUpTo();

    /** How many neighbours the index keeps in view; more find better and take longer. */
    @WithDefault("120")
    int neighbours();

    /** How many entries of the index are looked at for one search at most. */
    @WithDefault("20000")
    int scanned();

    /**
     * Vectors less alike than this (cosine) are no find. Unless it is said, 0.52 with the local model, where what has nothing in common reaches
     * 0.50 and what answers a question begins at 0.55; nothing is left out with another model, which has a scale of its own.
     */
    OptionalDouble leastSimilarity();
}
