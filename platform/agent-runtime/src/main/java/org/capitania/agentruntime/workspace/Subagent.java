package org.capitania.agentruntime.workspace;

import java.util.List;

/**
 * Somebody an agent may start inside its own process, for one question and with less than it has itself.
 *
 * @param model the class of model of all its turns
 * @param tools what it may call; never more than the agent that starts it may, save a project's own
 * @param project whether it works inside a project, whose files follow its prompt
 * @param prompt its static layer, the same bytes for the same files
 */
public record Subagent(
        String name,
        String description,
        ModelClass model,
        List<String> tools,
        Bounds bounds,
        boolean project,
        String prompt) {
    public Subagent {
        tools = List.copyOf(tools);
    }

    /**
     * Where the harness stops it.
     *
     * @param maxTurns model calls
     * @param tokensPerRun tokens in and out; at most what its agent has left
     */
    public record Bounds(int maxTurns, long tokensPerRun) {}
}
