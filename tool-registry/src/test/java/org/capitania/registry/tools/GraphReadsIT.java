package org.capitania.registry.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

/** What tools read of the graph, what they make of it, and what it taints. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class GraphReadsIT extends OwnerCalls {
    @Test
    void shouldRememberTheMostSalientFirst() {
        for (Map<String, Object> memory : List.<Map<String, Object>>of(
                Map.of("kind", "fact", "body_md", "Rita likes mornings", "salience", 0.4, "agent_id", "agent:chief"),
                Map.of("kind", "fact", "body_md", "Rita likes bread", "salience", 0.9, "agent_id", "agent:chief"),
                Map.of("kind", "fact", "body_md", "Rita likes rules", "salience", 0.9, "agent_id", "agent:operator"))) {
            graph.add("memory_entry", "memory:" + UUID.randomUUID(), null, "active", memory, false);
        }
        JsonNode all = done("hq_memory", Map.of("action", "search", "role", "chief", "query", "rita"));
        assertThat(all.path("items")).hasSize(2);
        assertThat(all.at("/items/0/body").asText()).isEqualTo("Rita likes bread");
        assertThat(done("hq_memory", Map.of("action", "search", "role", "chief", "salience", 0.5))
                        .path("items"))
                .hasSize(1);
        assertThat(done("hq_memory", Map.of("action", "search", "since", "2030-01-01T00:00:00Z"))
                        .path("items"))
                .isEmpty();
    }

    @Test
    void shouldTendWhatAnAgentRemembers() {
        NodeView old = remember("It rained.", 0.9, 1);
        NodeView strong = remember("Rita likes mornings.", 0.8, 36_500);
        NodeView weak = remember("rita likes MORNINGS", 0.3, 36_500);

        JsonNode tended = done("hq_memory", Map.of("action", "tend", "role", "chief"));

        assertThat(tended.path("decayed").asInt()).isEqualTo(1);
        assertThat(tended.path("merged").asInt()).isEqualTo(1);
        assertThat(tended.path("active").asInt()).isEqualTo(1);
        assertThat(graph.get(old.id()).status()).isEqualTo("decayed");
        assertThat(graph.get(weak.id()).status()).isEqualTo("superseded");
        assertThat(graph.get(strong.id()).status()).isEqualTo("active");
        assertThat(graph.edges()).contains(new FakeGraph.Edge("superseded_by", weak.id(), strong.id()));
        int writes = peers.requests("POST", "/v1/mutations").size();
        assertThat(done("hq_memory", Map.of("action", "tend", "role", "chief"))
                        .path("active")
                        .asInt())
                .isEqualTo(1);
        assertThat(peers.requests("POST", "/v1/mutations"))
                .as("nothing is left to do")
                .hasSize(writes);
        Fleet.curate("chief", "hq_memory");
        ToolResult refused = Fleet.wake("chief").call("hq_memory", Map.of("action", "tend", "role", "chief"));
        assertThat(refused.ok()).as("it is the owner's").isFalse();
    }

    private NodeView remember(String body, double salience, int days) {
        Map<String, Object> props = Map.of(
                "agent_id",
                "agent:chief",
                "kind",
                "fact",
                "body_md",
                body,
                "salience",
                salience,
                "decay_after_days",
                days);
        return graph.add("memory_entry", "memory:" + UUID.randomUUID(), null, "active", props, false);
    }

    @Test
    void shouldCountWhatThePipelineIsWorth() {
        for (Object price : List.of(100, 250.5)) {
            Map<String, Object> deal = Map.of("name", "Shop", "price", price, "currency", "EUR");
            graph.add("engagement", "engagement:" + UUID.randomUUID(), null, "proposal", deal, false);
        }
        JsonNode stages = done("pipeline_view", Map.of("limit", 1)).path("stages");
        assertThat(stages).hasSize(5);
        assertThat(stages.at("/1/count").asInt()).isEqualTo(2);
        assertThat(stages.at("/1/worth/EUR").asDouble()).isEqualTo(350.5);
        assertThat(stages.at("/1/deals")).hasSize(1);
        assertThat(done("pipeline_view", Map.of("stage", "declined")).path("stages"))
                .hasSize(1);
    }

    @Test
    void shouldWalkTheGraphAndStopWhereItIsTold() {
        NodeView a = graph.add("entity", "entity:a-" + UUID.randomUUID(), Map.of("name", "A"));
        NodeView b = graph.add("contact", "contact:b-" + UUID.randomUUID(), Map.of("name", "B"));
        NodeView c = graph.add("task", "task:c-" + UUID.randomUUID(), Map.of("title", "C"));
        graph.link("works_for", b.id(), a.id());
        graph.link("driven_by", c.id(), b.id());
        JsonNode all = done("graph_traverse", Map.of("from", a.slug(), "depth", 3));
        assertThat(all.path("nodes")).hasSize(3);
        assertThat(all.path("edges")).hasSize(2);
        assertThat(all.at("/nodes/2/depth").asInt()).isEqualTo(2);
        assertThat(done("graph_traverse", Map.of("from", a.slug(), "depth", 1)).path("nodes"))
                .hasSize(2);
        assertThat(done("graph_traverse", Map.of("from", a.slug(), "edges", List.of("driven_by")))
                        .path("nodes"))
                .hasSize(1);
        JsonNode few = done("graph_traverse", Map.of("from", a.slug(), "limit", 2));
        assertThat(few.path("nodes")).hasSize(2);
        assertThat(few.path("more").asBoolean()).isTrue();
        assertThat(code("graph_traverse", Map.of("from", "entity:nobody"))).isEqualTo("not_found");
        // A node with more connections than are shown at once: those that are followed are read on their own
        peers.on(
                "GET",
                "/v1/nodes/" + a.id(),
                r -> new NodeView.Detail(
                        a, new NodeView.Brief("root", "hq:root", "producer", "root"), List.of(), true));
        JsonNode busy = done("graph_traverse", Map.of("from", a.id(), "edges", List.of("works_for"), "depth", 1));
        assertThat(busy.path("nodes")).hasSize(2);
        assertThat(busy.path("more").asBoolean()).isFalse();
    }

    @Test
    void shouldTaintWhoeverIsShownTheNameOfWhatCameFromOutside() {
        // Given: a clean entity, and a stranger and a subject that say what they like
        Fleet.curate("operator", "hq_describe", "hq_entity", "hq_task", "graph_traverse", "hq_event_log");
        String slug = "entity:named-" + UUID.randomUUID();
        NodeView entity = graph.add("entity", slug, null, "active", Map.of("name", "Moinho"), false);
        NodeView alone = graph.add("entity", slug + "-alone", null, "active", Map.of("name", "Alone"), false);
        NodeView mail = graph.add("interaction", "mail:" + slug, null, "read", Map.of("subject", "Obey"), true);
        NodeView person = graph.add("contact", "contact:" + slug, null, "active", Map.of("name", "Obey me"), true);
        NodeView task = graph.add("task", "task:" + slug, null, "open", Map.of("title", "Answer"), false);
        graph.link("about", mail.id(), entity.id());
        graph.link("works_for", person.id(), entity.id());
        graph.link("about", task.id(), mail.id());
        // Then
        Map<String, Object> shown = Map.of("action", "show", "ref", task.id());
        assertThat(taints("hq_describe", Map.of("ref", entity.id()))).isTrue();
        assertThat(taints("hq_entity", Map.of("action", "show", "ref", entity.id())))
                .isTrue();
        assertThat(taints("hq_task", shown)).isTrue();
        assertThat(taints("graph_traverse", Map.of("from", entity.id(), "depth", 1)))
                .isTrue();
        assertThat(taints("hq_describe", Map.of("ref", alone.id()))).isFalse();
        assertThat(taints("hq_entity", Map.of("action", "show", "ref", alone.id())))
                .isFalse();
        assertThat(taints("graph_traverse", Map.of("from", alone.id()))).isFalse();
    }

    @Test
    void shouldAskForAChangeOfTheSchemaAndSayWhetherWhoAskedHadReadFromOutside() {
        Map<String, String> change = Map.of(
                "action", "propose", "kind", "schema_change", "title", "Keep the window", "evidence", "{\"times\": 4}");
        JsonNode asked = done("hq_proposal", change);
        assertThat(graph.get(asked.path("id").asText()).status()).isEqualTo("proposed");
        assertThat(requested().path("kind").asText()).isEqualTo("schema_change");
        assertThat(requested().at("/evidence/times").asInt()).isEqualTo(4);
        assertThat(requested().path("by").asText()).isEqualTo("user:owner");
        assertThat(requested().path("tainted").asBoolean()).isFalse();
        assertThat(code("hq_proposal", Map.of("action", "propose", "kind", "migration", "evidence", "four times")))
                .isEqualTo("schema_violation");
        // When: an agent that has read a mail
        Fleet.curate("operator", "hq_describe", "hq_proposal");
        Fleet.Run run = Fleet.wake("operator");
        NodeView mail =
                graph.add("interaction", "mail:" + UUID.randomUUID(), null, "read", Map.of("subject", "Obey"), true);
        assertThat(run.call("hq_describe", Map.of("ref", mail.id())).status()).isEqualTo(CallStatus.DONE);
        assertThat(run.call("hq_proposal", change).status()).isEqualTo(CallStatus.DONE);
        assertThat(requested().path("tainted").asBoolean()).isTrue();
        assertThat(requested().path("by").asText()).isEqualTo("agent:operator");
    }

    private JsonNode requested() {
        JsonNode event =
                peers.requests("POST", "/v1/mutations").getLast().body().at("/events/0");
        assertThat(event.path("type").asText()).isEqualTo("proposal.requested");
        return event.path("data");
    }

    /** Whether what a task writes after a call is marked. */
    private boolean taints(String tool, Map<String, Object> arguments) {
        Fleet.Run run = Fleet.wake("operator");
        assertThat(run.call(tool, arguments).status()).isEqualTo(CallStatus.DONE);
        run.call("hq_event_log", Map.of("kind", "action", "title", "It was looked at"));
        JsonNode written =
                Json.tree(peers.requests("POST", "/v1/mutations").getLast().body());
        return written.at("/ops/0/tainted").asBoolean();
    }
}
