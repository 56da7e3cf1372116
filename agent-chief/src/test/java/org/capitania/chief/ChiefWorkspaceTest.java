package org.capitania.chief;

import static org.assertj.core.api.Assertions.assertThat;

import org.capitania.agentruntime.workspace.TokenCaps;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.agentruntime.workspace.WorkspaceFiles;
import org.capitania.agentruntime.workspace.WorkspaceParser;
import org.junit.jupiter.api.Test;

class ChiefWorkspaceTest {
    private final Workspace workspace =
            WorkspaceParser.parse("chief", WorkspaceFiles.onClassPath(getClass().getClassLoader()));

    @Test
    void shouldKeepEachFileUnderItsCap() {
        assertThat(TokenCaps.exceeded(workspace)).isEmpty();
    }

    @Test
    void shouldSayInThePromptWhatTheAgentIsHeldTo() {
        assertThat(workspace.systemPrompt())
                .contains("You are chief,", "Five rules", "<task-complete reason=", "hq_agent", workspace.company());
    }
}
