package org.capitania.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.capitania.agentruntime.workspace.Subagent;
import org.capitania.agentruntime.workspace.TokenCaps;
import org.capitania.agentruntime.workspace.Trigger;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.agentruntime.workspace.WorkspaceFiles;
import org.capitania.agentruntime.workspace.WorkspaceParser;
import org.junit.jupiter.api.Test;

class OperatorWorkspaceTest {
    private final Workspace workspace = WorkspaceParser.parse(
            "operator", WorkspaceFiles.onClassPath(getClass().getClassLoader()));

    @Test
    void shouldKeepEachFileUnderItsCap() {
        assertThat(TokenCaps.exceeded(workspace)).isEmpty();
    }

    @Test
    void shouldSayInThePromptWhatTheAgentIsHeldTo() {
        assertThat(workspace.systemPrompt())
                .contains("You are operator,", "Five rules", "<task-complete reason=", "hq_agent", workspace.company());
    }

    @Test
    void shouldBeWokenByWorkThatIsAssignedToItAndByFeaturesThatMove() {
        assertThat(workspace.triggers())
                .extracting(Trigger::event)
                .contains(
                        "task.assigned_to.operator",
                        "task.assigned_to.project:*",
                        "feature.status_changed.*",
                        "beat.fired.operator_night")
                .doesNotContain("task.assigned_to", "task.assigned_to.*");
    }

    @Test
    void shouldDefineEverySubagentThatItMayStart() {
        assertThat(workspace.subagents())
                .extracting(Subagent::name)
                .containsExactly(
                        "project-agent",
                        "code-reviewer",
                        "test-engineer",
                        "debugger",
                        "database-specialist",
                        "kb-ingest",
                        "explore");
        assertThat(workspace.subagents())
                .allSatisfy(subagent -> assertThat(subagent.tools())
                        .doesNotContain("hq_entity", "hq_agent", "agent_spawn", "project_run", "request_approval"));
    }
}
