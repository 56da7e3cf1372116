package org.capitania.agentruntime.transcript;

import org.jspecify.annotations.Nullable;

/**
 * What every call of a session carries, so that the gateway knows whose it is and whether it may still be made.
 *
 * @param fence the run's fencing token
 * @param parentCall the call of another session for which this one is there: that started a subagent, or that asks
 */
public record Ticket(
        String tenant,
        String role,
        String sessionId,
        String taskId,
        String runId,
        long fence,
        @Nullable String parentCall) {

    /** One of a session that no call has started. */
    public Ticket(String tenant, String role, String sessionId, String taskId, String runId, long fence) {
        this(tenant, role, sessionId, taskId, runId, fence, null);
    }

    public String actor() {
        return "agent:" + role;
    }

    /** The ticket of a session that a call of this one has started: the same task, run and rights to go on. */
    public Ticket child(String session, String call) {
        return new Ticket(tenant, role, session, taskId, runId, fence, call);
    }
}
