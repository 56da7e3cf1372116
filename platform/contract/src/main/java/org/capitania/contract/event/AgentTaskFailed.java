package org.capitania.contract.event;

import org.jspecify.annotations.Nullable;

/**
 * The supervisor has given up on a task ({@code agent.task_failed}); key: the task. Said once a task. The
 * agent itself is told on its own topic ({@code agent.task_given_up}; key: its role).
 *
 * @param person who has to look at it
 * @param reason why the last attempt failed
 */
public record AgentTaskFailed(
        String taskId, String role, @Nullable String conversationId, int attempts, String person, String reason) {
    public static final String TYPE = "agent.task_failed";
    public static final String GIVEN_UP = "agent.task_given_up";
}
