package org.capitania.contract.event;

import org.jspecify.annotations.Nullable;

/**
 * The supervisor has given up on a task ({@code agent.task_failed}); key: the task. Said once a task.
 *
 * @param person who has to look at it
 * @param reason why the last attempt failed
 */
public record AgentTaskFailed(
        String taskId, String role, @Nullable String conversationId, int attempts, String person, String reason) {
    public static final String TYPE = "agent.task_failed";
}
