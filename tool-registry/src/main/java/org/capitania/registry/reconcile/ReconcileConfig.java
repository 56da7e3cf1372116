package org.capitania.registry.reconcile;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How sure one has to be that two records are one (chapter 41 of the seeds). */
@ConfigMapping(prefix = "hq.reconcile")
interface ReconcileConfig {
    /** Below this score of the rules, 0 to 1, a pair is left alone. */
    @WithDefault("0.4")
    double lower();

    /** From this score on a merge is proposed by rule: two independent things that agree come to it, one alone seldom. In between a model judges. */
    @WithDefault("0.8")
    double upper();

    /** How sure a model has to be, 0 to 1, for its word to count; with less a person is asked. */
    @WithDefault("0.9")
    double sure();
}
