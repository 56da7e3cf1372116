package org.capitania.supervisor.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.capitania.contract.api.RegisterAgent.Trigger;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.Event;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.testkit.Events;
import org.junit.jupiter.api.Test;

/** What becomes of a project agent's proposal is told to the agent it worked for. */
@QuarkusTest
class OfProjectsIT extends SupervisorIT {
    @Test
    void shouldTellTheAgentWhoseTaskItWasAndNobodyElse() {
        // Given: chief has had a task in which it started a project agent
        register("chief", new Trigger("email.received", null), ownProposals("chief"));
        register("operator", ownProposals("operator"));
        mail(conversation());
        AgentWake before = claim(awaitWake(1));
        finish(before);
        // When
        String told = rejected(before.tasks().getFirst().taskId());
        // Then
        AgentWake wake = chief.await(
                        AgentWake.TYPE, e -> eventsOf(e.as(AgentWake.class)).contains(told))
                .as(AgentWake.class);
        assertThat(wake.role()).isEqualTo("chief");
        Event event = wake.tasks().getLast().events().getLast();
        assertThat(event.data().path("agent").asText()).as("as it came").isEqualTo("agent:project:shop");
        assertThat(decisions(told)).isEqualTo("chief routed, operator ignored");
        finish(claim(wake));
        // And: where nobody knows the task, nobody is told
        String unknown = rejected("no-task");
        awaitRouted(unknown);
        assertThat(decisions(unknown)).isEqualTo("chief ignored, operator ignored");
    }

    private static String rejected(String task) {
        return Events.publish(
                "proposal.rejected",
                "p-" + task,
                Map.of("status", "rejected", "agent", "agent:project:shop", "tool", "file_write", "task_id", task));
    }

    private static Trigger ownProposals(String role) {
        return new Trigger("proposal.rejected", Map.of("agent", TextNode.valueOf("agent:" + role)));
    }

    private static String decisions(String event) {
        return String.join(
                ", ",
                strings("SELECT role || ' ' || decision FROM fleet.routed_events WHERE event_id = '" + event
                        + "' ORDER BY role"));
    }
}
