package org.capitania.agentruntime.workspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How large the files of an agent may be, in tokens (section 16.2 of the seeds): every turn pays for them. The build checks it. */
public final class TokenCaps {
    private static final Map<String, Integer> FILES = Map.of(
            "CLAUDE.md", 1_800,
            "playbook.md", 1_500,
            "personality.md", 900,
            "_shared/CLAUDE.md", 900,
            "_shared/peer-card.md", 300,
            "_shared/glossary.md", 400,
            "_shared/opus-triggers.md", 300);
    private static final int WHOLE_AGENT = 22_000;

    /** Our own figure: a subagent is started to save room, not to take it. */
    private static final int SUBAGENT = 700;

    private TokenCaps() {}

    /** One sentence for each file that is too large or has no cap, and for the agent as a whole; empty when all is well. */
    public static List<String> exceeded(Workspace workspace) {
        List<String> problems = new ArrayList<>();
        for (Workspace.StaticFile file : workspace.files()) {
            // No model is shown the settings.
            if (file.name().equals(WorkspaceParser.MAIN)) {
                continue;
            }
            Integer cap = SubagentReader.defines(file.name()) ? Integer.valueOf(SUBAGENT) : FILES.get(file.name());
            if (cap == null) {
                problems.add(file.name() + " has no cap");
            } else {
                check(file.name(), file.text(), cap, problems);
            }
        }
        check("the whole of " + workspace.role(), workspace.systemPrompt(), WHOLE_AGENT, problems);
        return problems;
    }

    private static void check(String what, String text, int cap, List<String> problems) {
        int tokens = TokenCount.of(text);
        if (tokens > cap) {
            problems.add(what + " has " + tokens + " tokens, its cap is " + cap);
        }
    }
}
