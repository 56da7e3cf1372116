package org.capitania.supervisor.wakes;

import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Tx;

/** Who may speak for a run. */
final class Authority {
    private Authority() {}

    /** Refuses anyone but the agent of the role. */
    static void require(Tx tx, String role) {
        String actor = tx.scope().actor();
        if (!actor.equals("agent:" + role)) {
            throw new CapitaniaException(ErrorCode.DENIED, actor + " may not speak for agent:" + role);
        }
    }

    static UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "not an id: " + id, e);
        }
    }
}
