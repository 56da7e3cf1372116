package org.capitania.contract.event;

import java.time.Instant;

/**
 * The supervisor has lost sight of the watchdog, or sees it again ({@code agent.guardian_changed}); key: the component.
 *
 * @param state down or up
 * @param lastSeen when it last answered
 */
public record GuardianChanged(String component, String state, Instant lastSeen) {
    public static final String TYPE = "agent.guardian_changed";
}
