package org.capitania.agentruntime.workspace;

import java.util.List;

/**
 * Everything an agent is, read from its files.
 *
 * @param role {@code chief} or {@code operator}
 * @param description one sentence
 * @param company the company it works for, by whose name it signs
 * @param subagents whom it may start inside its own process
 * @param systemPrompt the static layer of the context, the same bytes for the same files
 * @param version the first 12 hexadecimal digits of the SHA-256 of all files read
 * @param files what was read: the settings, the prompt's files in their order, the subagents
 */
public record Workspace(
        String role,
        String description,
        String company,
        ModelPolicy models,
        List<Trigger> triggers,
        List<String> tools,
        List<Subagent> subagents,
        Budget budget,
        Permissions permissions,
        Lifecycle lifecycle,
        String systemPrompt,
        String version,
        List<StaticFile> files) {
    public Workspace {
        triggers = List.copyOf(triggers);
        tools = List.copyOf(tools);
        subagents = List.copyOf(subagents);
        files = List.copyOf(files);
    }

    /** A file of the static layer. */
    public record StaticFile(String name, String text) {}
}
