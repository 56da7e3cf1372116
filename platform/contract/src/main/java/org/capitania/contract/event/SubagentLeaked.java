package org.capitania.contract.event;

/**
 * A subagent's session was open although the session that started it was over, and was closed ({@code agent.subagent_leaked}); key: its session.
 *
 * @param role the agent that started it
 */
public record SubagentLeaked(String sessionId, String parentSessionId, String taskId, String role, String subagent) {
    public static final String TYPE = "agent.subagent_leaked";
}
