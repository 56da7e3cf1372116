package org.capitania.registry.runs;

import java.util.List;

/**
 * A run the supervisor has opened here.
 *
 * @param ask whether it only answers a question, and therefore only reads
 * @param current whether it may act now: not closed, not expired, and no higher fence of its role is known
 */
public record Run(String runId, String role, long fence, boolean ask, List<String> taskIds, boolean current) {

    /** Whether the run may act for a task; one opened without tasks may for any. */
    public boolean covers(@org.jspecify.annotations.Nullable String taskId) {
        return taskIds.isEmpty() || (taskId != null && taskIds.contains(taskId));
    }
}
