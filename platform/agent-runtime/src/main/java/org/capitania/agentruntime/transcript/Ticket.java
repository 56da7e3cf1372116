package org.capitania.agentruntime.transcript;

/**
 * What every call of a session carries, so that the gateway knows whose it is and whether it may still be made.
 *
 * @param fence the run's fencing token
 */
public record Ticket(String tenant, String role, String sessionId, String taskId, String runId, long fence) {
    public String actor() {
        return "agent:" + role;
    }
}
