package org.capitania.contract.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent is woken ({@code agent.wake} on {@code hq.agent.<role>}); key: the role.
 *
 * @param fence the fencing token of this run; every call of the run carries it, lower ones are refused
 * @param reason why, in one sentence for people
 * @param attempt 1 for the first run of this wake
 */
public record AgentWake(
        String wakeId, String runId, long fence, String role, String reason, int attempt, List<AgentTask> tasks) {
    public static final String TYPE = "agent.wake";

    /**
     * The events of one conversation: one task, one session, one taint set.
     *
     * @param tainted whether one of the events came from outside
     */
    public record AgentTask(String taskId, @Nullable String conversationId, boolean tainted, List<Event> events) {}
}
