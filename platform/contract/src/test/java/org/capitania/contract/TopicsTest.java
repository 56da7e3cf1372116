package org.capitania.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void shouldNameTheTopicByTheFirstSegmentWhenTheTypeIsOrdinary() {
        assertThat(List.of(
                        Topics.of("email.received"),
                        Topics.of("email.thread.updated"),
                        Topics.of("agent_incident.created"),
                        Topics.of("graph.node.changed"),
                        Topics.of("ledger.llm_call"),
                        Topics.agent("chief")))
                .containsExactly(
                        "hq.email",
                        "hq.email",
                        "hq.agent_incident",
                        "hq.graph.nodes",
                        "hq.ledger.llm-calls",
                        "hq.agent.chief");
    }

    @Test
    void shouldKeepTheAuditForEverWhenTopicsAreMade() {
        assertThat(Topics.ALL.stream().filter(t -> t.retention().isEmpty()).map(Topics.Topic::name))
                .containsExactlyInAnyOrder(
                        "hq.graph.nodes",
                        "hq.graph.edges",
                        "hq.ledger.actions",
                        "hq.ledger.llm-calls",
                        "hq.ledger.heads");
    }
}
