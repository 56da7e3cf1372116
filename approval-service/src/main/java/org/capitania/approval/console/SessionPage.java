package org.capitania.approval.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /sessions/{role}[/{id}]}: what an agent did in a session, step by step, and does.
 *
 * @param missing why there is none
 * @param address where this is read again
 * @param latest whether the newest session is meant, whichever that is
 */
record SessionPage(
        String role,
        @Nullable Shown session,
        @Nullable String missing,
        List<Other> others,
        String address,
        boolean latest) {

    /**
     * The session.
     *
     * @param open whether it goes on
     * @param last the sequence of its last entry
     */
    record Shown(
            String id,
            String task,
            @Nullable String model,
            boolean open,
            String word,
            Moment openedAt,
            List<Step> steps,
            int last) {}

    /**
     * One step.
     *
     * @param tone done, failed or said
     */
    record Step(String title, @Nullable String text, Moment at, String tone) {}

    /** Another session of the agent. */
    record Other(String id, String word, Moment openedAt) {}
}
