package org.capitania.approval.proposal;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long proposals wait. */
@ConfigMapping(prefix = "hq.proposals")
public interface ProposalConfig {
    /** How long a proposal waits for a person, from its freezing, its last edit, or its return as stale. */
    @WithDefault("14d")
    Duration expireAfter();

    /** How long an approval is good for, if the gateway cannot act at once. */
    @WithDefault("7d")
    Duration approvalExpiresAfter();

    /** How often what is overdue is looked for. */
    @WithDefault("1m")
    Duration sweepEvery();
}
