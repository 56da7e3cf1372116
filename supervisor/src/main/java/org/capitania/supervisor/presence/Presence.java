package org.capitania.supervisor.presence;

import org.capitania.contract.api.AgentView.State;
import org.capitania.supervisor.roster.Agent;

/** The five states of seeds 16.4, from what is known of a role. */
public final class Presence {
    private Presence() {}

    public static State of(Agent agent, PresenceStore.Work work) {
        if (agent.pause() != null) {
            return State.PAUSED;
        }
        if (work.atWork()) {
            return State.WARM;
        }
        if (!agent.alive()) {
            return State.STOPPED;
        }
        return work.justEnded() ? State.COOLDOWN : State.COLD;
    }

    /** Why, in a few words for people. */
    static String why(Agent agent, State state) {
        return switch (state) {
            case PAUSED -> agent.pause() == null ? "paused" : agent.pause().sentence();
            case WARM -> "a run is going on";
            case COOLDOWN -> "its last run has just ended";
            case COLD -> "its process waits";
            case STOPPED ->
                agent.restingSince() == null
                        ? "no process has been heard of lately"
                        : "there was nothing to do; it is started when there is";
        };
    }
}
