package org.capitania.approval.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the agent did, in order. */
record Trajectory(@Nullable String agent, @Nullable String model, List<Step> steps, String cost) {

    /** The rehearsal model is no language model, and whoever reads its draft is told so. */
    public boolean rehearsed() {
        return "rehearsal".equals(model);
    }

    /**
     * One act.
     *
     * @param gist its point in one line
     * @param grade what a person said of it last
     */
    record Step(
            String id,
            int number,
            String title,
            String tool,
            String status,
            @Nullable String gist,
            @Nullable String input,
            @Nullable String output,
            @Nullable String duration,
            @Nullable String cost,
            Moment at,
            @Nullable String grade,
            @Nullable String note) {
        public boolean done() {
            return status.equals("done") || status.equals("proposed");
        }
    }
}
