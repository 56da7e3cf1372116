package org.capitania.supervisor.wakes;

import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** What a run hears that is not the current one any more. */
final class LeaseLost {
    private LeaseLost() {}

    static CapitaniaException of(UUID runId, long fence) {
        return new CapitaniaException(
                ErrorCode.LEASE_LOST,
                "run " + runId + " with fence " + fence
                        + " does not have the lease any more; drop it, nothing it does counts");
    }
}
