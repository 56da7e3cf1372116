package org.capitania.approval.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /agents}. */
record AgentsPage(@Nullable List<Agent> agents, @Nullable String noAgents) {

    /**
     * One agent.
     *
     * @param meaning the state in a sentence
     */
    record Agent(
            String role,
            String state,
            String meaning,
            boolean paused,
            @Nullable String pausedBy,
            @Nullable String pausedReason,
            @Nullable Moment pausedUntil,
            @Nullable Moment lastRun,
            @Nullable String lastOutcome,
            int queued) {}
}
