package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether agents may change anything now ({@code GET /v1/autonomy} of tool-registry).
 *
 * @param summary one sentence for people
 * @param freezes those that stand, the newest first; empty when not frozen
 * @param openChanges changes of agents that were admitted before and have not ended: the graph or a mail server has them in hand
 */
public record AutonomyView(boolean frozen, String summary, List<Freeze> freezes, int openChanges) {

    /**
     * One freeze that stands.
     *
     * @param until when it ends by itself; absent: when the owner thaws it
     */
    public record Freeze(
            String id,
            String reason,
            String by,
            Instant since,
            @Nullable Instant until) {}
}
