package org.capitania.agentruntime.workspace;

import java.util.List;
import java.util.Optional;

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

    /** What wakes it, a line each. */
    public List<String> subscriptions() {
        return triggers.stream().map(Trigger::line).toList();
    }

    /** Whom it may start under a name. */
    public Optional<Subagent> subagent(String name) {
        return subagents.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /** The same as one of its subagents is it: told other things, with one class of model, fewer tools and a part of the tokens. */
    public Workspace as(Subagent subagent, long tokens) {
        Budget own = new Budget(
                budget.dailyUsdSoft(),
                budget.dailyUsdHard(),
                Math.min(tokens, subagent.bounds().tokensPerRun()),
                subagent.bounds().maxTurns(),
                budget.largeTurnsPerDay(),
                budget.largeTurnsAlarm());
        return new Workspace(
                role,
                subagent.description(),
                company,
                new ModelPolicy(List.of(), subagent.model()),
                List.of(),
                subagent.tools(),
                List.of(),
                own,
                permissions,
                lifecycle,
                subagent.prompt(),
                version,
                files);
    }

    /** A file of the static layer. */
    public record StaticFile(String name, String text) {}
}
