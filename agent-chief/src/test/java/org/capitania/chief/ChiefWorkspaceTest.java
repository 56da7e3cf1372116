package org.capitania.chief;

import static org.assertj.core.api.Assertions.assertThat;

import org.capitania.agentruntime.workspace.Subagent;
import org.capitania.agentruntime.workspace.TokenCaps;
import org.capitania.agentruntime.workspace.Trigger;
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

    @Test
    void shouldBeWokenByAllThatConcernsItsCustomersAndByNothingElse() {
        assertThat(workspace.triggers())
                .extracting(Trigger::event)
                .containsExactlyInAnyOrder(
                        "beat.fired.chief_brief",
                        "email.received",
                        "email.thread.updated",
                        "interaction.overdue",
                        "obligation.due",
                        "obligation.due",
                        "entity.temperature_changed",
                        "engagement.stage_changed",
                        "prospect.created",
                        "customer.churn_signal",
                        "customer.expand_signal",
                        "calendar.external_changed",
                        "calendar.meeting_due",
                        "proposal.draft_requested",
                        "proposal.rejected",
                        "proposal.failed",
                        "proposal.stale",
                        "proposal.unknown",
                        "proposal.expired",
                        "owner.dm");
    }

    @Test
    void shouldDefineEverySubagentThatItMayStart() {
        assertThat(workspace.subagents())
                .extracting(Subagent::name)
                .containsExactly(
                        "email-drafter",
                        "proposal-writer",
                        "customer-brief",
                        "pipeline-analyst",
                        "customer-deep-dive",
                        "kb-search",
                        "explore",
                        "project-agent",
                        "code-reviewer",
                        "test-engineer");
        assertThat(workspace.subagents())
                .allSatisfy(
                        subagent -> assertThat(subagent.prompt()).contains("Five rules", "You are " + subagent.name()));
        assertThat(workspace.subagents()).filteredOn(Subagent::project).hasSize(1);
    }

    @Test
    void shouldLetNoSubagentSendOrStartAnother() {
        assertThat(workspace.subagents())
                .allSatisfy(subagent -> assertThat(subagent.tools())
                        .doesNotContain("email_send", "hq_agent", "agent_spawn", "project_run", "request_approval"));
    }
}
