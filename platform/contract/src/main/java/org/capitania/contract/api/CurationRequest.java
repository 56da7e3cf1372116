package org.capitania.contract.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tools an agent's workspace declares ({@code POST /v1/agents/{role}/curation}), sent at start with the agent's own token.
 *
 * @param subagents whom it may start, and with which tools; none when left out
 */
public record CurationRequest(
        List<String> tools,
        String workspaceVersion,
        @Nullable List<Subagent> subagents) {

    /**
     * One of them.
     *
     * @param project whether it works inside a project, with the rights of project agents instead of its agent's
     */
    public record Subagent(String name, List<String> tools, boolean project) {}
}
