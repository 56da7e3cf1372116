package org.capitania.supervisor.platform;

import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** Somebody else starts and stops the agents. */
final class NoPlatform implements AgentPlatform {
    @Override
    public boolean able() {
        return false;
    }

    @Override
    public void start(String role) {
        throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "nothing here can start " + role);
    }

    @Override
    public void stop(String role) {
        throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "nothing here can stop " + role);
    }
}
