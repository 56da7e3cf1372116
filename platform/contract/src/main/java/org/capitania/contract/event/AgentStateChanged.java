package org.capitania.contract.event;

import org.jspecify.annotations.Nullable;

/** An agent's presence changed ({@code agent.state_changed}); key: the role. */
public record AgentStateChanged(
        String role,
        String state,
        String previous,
        @Nullable String reason) {
    public static final String TYPE = "agent.state_changed";
}
