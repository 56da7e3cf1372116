package org.capitania.agentruntime.transcript;

import org.jspecify.annotations.Nullable;

/**
 * What every call of a session carries, so that the gateway knows whose it is and whether it may still be made.
 *
 * @param fence the run's fencing token
 * @param parentId the call of another session for which this one is there
 */
public record Ticket(
        String tenant,
        String role,
        String sessionId,
        String taskId,
        String runId,
        long fence,
        @Nullable String parentId) {
    public Ticket(String tenant, String role, String sessionId, String taskId, String runId, long fence) {
        this(tenant, role, sessionId, taskId, runId, fence, null);
    }

    public String actor() {
        return "agent:" + role;
    }
}
