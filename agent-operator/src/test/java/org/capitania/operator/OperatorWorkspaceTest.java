package org.capitania.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.capitania.agentruntime.workspace.TokenCount;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.agentruntime.workspace.Workspace.StaticFile;
import org.capitania.agentruntime.workspace.WorkspaceFiles;
import org.capitania.agentruntime.workspace.WorkspaceParser;
import org.junit.jupiter.api.Test;

/** The caps are section 16.2 of the seeds: a file that grows past its cap fails the build. */
class OperatorWorkspaceTest {
    private static final Map<String, Integer> CAPS = Map.of(
            "CLAUDE.md", 1_800,
            "playbook.md", 1_500,
            "personality.md", 900,
            "_shared/CLAUDE.md", 900,
            "_shared/peer-card.md", 300);
    private static final int WHOLE_AGENT = 22_000;

    private final Workspace workspace = WorkspaceParser.parse(
            "operator", WorkspaceFiles.onClassPath(getClass().getClassLoader()));

    @Test
    void shouldKeepEachFileUnderItsCap() {
        assertThat(workspace.files()).extracting(StaticFile::name).containsExactlyInAnyOrderElementsOf(CAPS.keySet());
        for (StaticFile file : workspace.files()) {
            assertThat(TokenCount.of(file.text()))
                    .as("tokens of %s, cap %d", file.name(), CAPS.get(file.name()))
                    .isLessThanOrEqualTo(CAPS.get(file.name()));
        }
        assertThat(TokenCount.of(workspace.systemPrompt())).isLessThanOrEqualTo(WHOLE_AGENT);
    }

    @Test
    void shouldSayInThePromptWhatTheAgentIsHeldTo() {
        assertThat(workspace.systemPrompt())
                .contains("You are operator,", "Five rules", "<task-complete reason=", "hq_agent", workspace.company());
    }
}
