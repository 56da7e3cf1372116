package org.capitania.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.capitania.agentruntime.workspace.ModelClass;
import org.capitania.agentruntime.workspace.ModelPolicy;
import org.capitania.agentruntime.workspace.ModelPolicy.Situation;
import org.capitania.agentruntime.workspace.Subagent;
import org.capitania.agentruntime.workspace.TokenCaps;
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
    void shouldBeWokenByAllThatConcernsTheSystemAndByNothingElse() {
        assertThat(workspace.triggers())
                .extracting(t -> t.event() + (t.where().isEmpty() ? "" : " " + new TreeMap<>(t.where())))
                .containsExactlyInAnyOrder(
                        "beat.fired.operator_night",
                        "beat.fired.operator_learning",
                        "producer.unmapped",
                        "event.unclassified",
                        "task.assigned_to.operator",
                        "task.assigned_to.project:*",
                        "proposal.requested {kind=schema_change}",
                        "proposal.requested {kind=migration}",
                        "review.resolved {kind=duplicate, status=resolved}",
                        "review.resolved {kind=edge, status=resolved}",
                        "feature.status_changed.*",
                        "kb.ingest.completed",
                        "finance.anomaly",
                        "agent_incident.created",
                        "alert.fired",
                        "alert.cleared",
                        "proposal.rejected {agent=agent:operator}",
                        "proposal.failed {agent=agent:operator}",
                        "proposal.stale {agent=agent:operator}",
                        "proposal.unknown {agent=agent:operator}",
                        "obligation.due {direction=we_owe}",
                        "owner.dm {to=operator}");
    }

    @Test
    void shouldCompareRecordsWithTheSmallModel() {
        Situation given = new Situation(
                "task",
                List.of("beat.fired.operator_night"),
                "",
                List.of(new ModelPolicy.Call("graph_reconcile", Map.of())),
                "");

        assertThat(workspace.models().choose(given).model()).isEqualTo(ModelClass.HAIKU);
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
