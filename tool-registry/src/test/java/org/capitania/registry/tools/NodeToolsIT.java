package org.capitania.registry.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.EmailView;
import org.capitania.contract.api.GraphStats;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.api.WorkerView;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.Approved;
import org.capitania.registry.FakeGraph.Edge;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tools whose file says how their arguments become nodes: what they write, what they refuse, and what waits for the owner. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class NodeToolsIT extends OwnerCalls {
    private static final Instant BEGUN = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private NodeView entity;
    private Fleet.Run run;

    @BeforeEach
    void wake() {
        Fleet.curate("operator", "hq_task", "hq_entity");
        entity = graph.add("entity", "entity:padaria-" + UUID.randomUUID(), Map.of("name", "Padaria"));
        run = Fleet.wake("operator");
    }

    @Test
    void shouldKeepATaskFromItsBeginningToItsEnd() {
        NodeView owner = graph.add("producer", "hq:user:owner", Map.of("name", "owner", "kind", "person"));
        NodeView operator = graph.add("producer", "hq:agent:operator", Map.of("name", "op", "kind", "agent_session"));
        // Given
        JsonNode made = done(run.call(
                "hq_task",
                Map.of(
                        "action",
                        "create",
                        "title",
                        "Send the list",
                        "driver",
                        "owner",
                        "about",
                        List.of(entity.slug()))));
        String id = made.path("id").asText();
        assertThat(made.path("created").asBoolean()).isTrue();
        assertThat(graph.edges()).contains(new Edge("driven_by", id, owner.id()), new Edge("about", id, entity.id()));
        // When it goes to somebody else, he takes the place of who had it
        done(run.call("hq_task", Map.of("action", "assign", "ref", id, "driver", "operator")));
        assertThat(graph.edges())
                .contains(new Edge("driven_by", id, operator.id()))
                .doesNotContain(new Edge("driven_by", id, owner.id()));
        assertThat(items(run.call("hq_task", Map.of("action", "list"))).toString())
                .contains(id);
        assertThat(items(run.call("hq_task", Map.of("action", "list", "about", List.of(entity.id())))))
                .hasSize(1);
        done(run.call("hq_task", Map.of("action", "complete", "ref", id, "outcome", "Sent.", "version", 2)));
        // Then
        assertThat(graph.get(id).status()).isEqualTo("done");
        // The service and this test have one clock.
        assertThat(Instant.parse(graph.get(id).text("done_at"))).isBetween(BEGUN, Instant.now());
        assertThat(items(run.call("hq_task", Map.of("action", "list"))).toString())
                .doesNotContain(id);
        JsonNode shown = done(run.call("hq_task", Map.of("action", "show", "ref", id)));
        assertThat(shown.at("/node/props/outcome_md").asText()).isEqualTo("Sent.");
        assertThat(shown.path("edges")).hasSize(2);
    }

    @Test
    void shouldSayThatItIsDoneWhenTheAnswerWasLostAndItIsComposedOtherwiseNow() {
        // Given
        NodeView owner = graph.add("producer", "hq:user:owner", Map.of("name", "owner", "kind", "person"));
        NodeView operator = graph.add("producer", "hq:agent:operator", Map.of("name", "op", "kind", "agent_session"));
        String id = made("hq_task", Map.of("action", "create", "title", "Send the list", "driver", "owner"));
        // When: what is written ends the edge that stood, and it is asked again where none stands any more
        graph.keys.loseAnAnswer();
        JsonNode assigned = done(run.call("hq_task", Map.of("action", "assign", "ref", id, "driver", "operator")));
        // Then
        assertThat(assigned.path("version").asInt()).isEqualTo(2);
        assertThat(graph.edges())
                .contains(new Edge("driven_by", id, operator.id()))
                .doesNotContain(new Edge("driven_by", id, owner.id()));
        // And: at another time
        graph.keys.loseAnAnswer();
        assertThat(done(run.call("hq_task", Map.of("action", "complete", "ref", id)))
                        .path("version")
                        .asInt())
                .isEqualTo(3);
        assertThat(graph.get(id).version()).isEqualTo(3);
    }

    @Test
    void shouldKeepWhoSaidItToWhom() {
        NodeView rita = graph.add("contact", "contact:rita-" + UUID.randomUUID(), Map.of("name", "Rita"));
        NodeView ana = graph.add("contact", "contact:ana-" + UUID.randomUUID(), Map.of("name", "Ana"));
        NodeView rui = graph.add("contact", "contact:rui-" + UUID.randomUUID(), Map.of("name", "Rui"));
        Map<String, Object> said = Map.of(
                "action",
                "log",
                "channel",
                "phone",
                "summary",
                "She calls.",
                "from",
                List.of(rita.slug()),
                "to",
                List.of(ana.slug()),
                "cc",
                List.of(rui.slug()));
        String call = made("hq_interaction", said);
        assertThat(graph.edges())
                .contains(
                        new Edge("from", call, rita.id()),
                        new Edge("to", call, ana.id()),
                        new Edge("cc", call, rui.id()));
        assertThat(items(owner("hq_interaction", Map.of("action", "list", "from", List.of(rita.id()))))
                        .findValuesAsText("id"))
                .containsExactly(call);
    }

    @Test
    void shouldEndTheTurnOfAConversationWhenWhatWasSaidLastNeedsNoAnswer() {
        NodeView conversation =
                graph.add("conversation", "conversation:" + UUID.randomUUID(), Map.of("subject", "Thanks"));
        NodeView first = mail(conversation, "2026-11-20T09:00:00Z");
        NodeView last = mail(conversation, "2026-11-20T10:00:00Z");
        Map<String, Object> spoken = Map.of("last_turn_at", "2026-11-20T10:00:00Z");
        NodeView turn = graph.add("turn_state", "turn:" + UUID.randomUUID(), null, "ours", spoken, false);
        graph.link("has_turn_state", conversation.id(), turn.id());
        // When: it is not the last
        assertThat(code("hq_interaction", Map.of("action", "settle", "ref", first.id())))
                .isEqualTo("version_conflict");
        assertThat(graph.get(turn.id()).status()).isEqualTo("ours");
        // When: it is, and is said to be twice
        assertThat(made("hq_interaction", Map.of("action", "settle", "ref", last.slug())))
                .isEqualTo(turn.id());
        assertThat(made("hq_interaction", Map.of("action", "settle", "ref", last.slug())))
                .isEqualTo(turn.id());
        // Then
        assertThat(graph.get(turn.id()).status()).isEqualTo("closed");
        assertThat(graph.get(turn.id()).version()).isEqualTo(2);
    }

    private NodeView mail(NodeView conversation, String at) {
        NodeView mail = graph.add(
                "interaction",
                "mail:" + UUID.randomUUID(),
                Map.of("subject", "Thanks", "direction", "in", "sent_at", at));
        graph.link("part_of", mail.id(), conversation.id());
        return mail;
    }

    @Test
    void shouldSayWhenASourceBroughtSomethingLast() {
        NodeView source = graph.add(
                "producer",
                "email:" + UUID.randomUUID(),
                Map.of("name", "Mail", "kind", "conversation_channel", "trust", "external", "system", "email"));
        Instant now = Instant.now();
        peers.on(
                "GET",
                "/v1/stats/producers",
                r -> new GraphStats.Throughputs(List.of(new GraphStats.Throughput(source.id(), 3, 20))));
        peers.on(
                "GET",
                "/v1/emails",
                r -> new EmailView.Page(
                        r.query().startsWith("status=failed")
                                ? List.of(
                                        lost(now, "the graph refused it"),
                                        lost(now.minus(Duration.ofDays(8)), "long ago"))
                                : List.of(lost(now.minusSeconds(60), null))));
        peers.on("GET", "/v1/workers", r -> new WorkerView.Page(List.of()));
        NodeView mail = graph.add("interaction", "mail:" + UUID.randomUUID(), Map.of("subject", "Hello"));
        peers.on("GET", "/v1/nodes", r -> {
            assertThat(r.query()).contains("producer=" + source.id(), "limit=1", "archived=true");
            return new NodeView.Page(List.of(mail), null);
        });
        JsonNode line = items(owner("hq_producer", Map.of("action", "health", "ref", source.slug())))
                .path(0);
        assertThat(line.path("slug").asText()).isEqualTo(source.slug());
        assertThat(line.path("last_fact").asText()).isEqualTo(mail.slug());
        assertThat(line.path("last_fact_at").asText())
                .isEqualTo(mail.createdAt().toString());
        assertThat(line.path("mapped").asBoolean()).isTrue();
        assertThat(line.path("facts_day").asInt()).isEqualTo(3);
        assertThat(line.path("facts_week").asInt()).isEqualTo(20);
        assertThat(line.path("errors_week").asInt()).isEqualTo(2);
        assertThat(line.path("last_error").asText()).isEqualTo("the graph refused it");
    }

    private static EmailView lost(Instant at, String why) {
        return new EmailView(
                "m",
                "failed",
                "imap",
                null,
                null,
                1,
                null,
                null,
                null,
                false,
                List.of("not an email"),
                0,
                at,
                null,
                null,
                null,
                null,
                null,
                0,
                8,
                null,
                why);
    }

    @Test
    void shouldPutAnotherInThePlaceOfWhoLedHoweverMuchIsLinkedBeside() {
        NodeView first = graph.add("contact", "contact:first-" + UUID.randomUUID(), Map.of("name", "First"));
        NodeView second = graph.add("contact", "contact:second-" + UUID.randomUUID(), Map.of("name", "Second"));
        String project = made("hq_project", Map.of("action", "create", "name", "Large", "lead", first.slug()));
        // Given: what is shown of a node with many connections does not reach to the first of them
        peers.on(
                "GET",
                "/v1/nodes/" + project,
                r -> new NodeView.Detail(
                        graph.get(project),
                        new NodeView.Brief("root", "hq:root", "producer", "root"),
                        List.of(),
                        true));
        done(owner("hq_project", Map.of("action", "update", "ref", project, "lead", second.slug())));
        assertThat(graph.edges())
                .contains(new Edge("driven_by", project, second.id()))
                .doesNotContain(new Edge("driven_by", project, first.id()));
    }

    @Test
    void shouldFindAnEntityByAPersonOfIts() {
        String name = "Moinho " + UUID.randomUUID();
        String address = UUID.randomUUID() + "@moinho.example";
        String phone = "351" + address.substring(0, 8);
        String made = made("hq_entity", Map.of("action", "create", "name", name, "email", address, "phone", phone));
        String other = made(
                "hq_entity",
                Map.of("action", "create", "name", "Other", "domain", address.substring(0, 36) + ".example"));

        assertThat(items(owner("hq_entity", Map.of("action", "find", "email", address.toUpperCase())))
                        .findValuesAsText("id"))
                .containsExactly(made);
        assertThat(items(owner("hq_entity", Map.of("action", "find", "phone", phone)))
                        .findValuesAsText("id"))
                .containsExactly(made);
        assertThat(items(owner(
                                "hq_entity",
                                Map.of("action", "find", "email", "new@" + address.substring(0, 36) + ".example")))
                        .findValuesAsText("id"))
                .as("nobody has this address, and somebody its domain")
                .containsExactly(other);
        assertThat(owner("hq_entity", Map.of("action", "find")).error().code()).isEqualTo("schema_violation");
    }

    @Test
    void shouldRefuseWhatTheTypeDoesNotAllow() {
        String id = done(run.call("hq_task", Map.of("action", "create", "title", "Anything")))
                .path("id")
                .asText();
        refused("schema_violation", Map.of("action", "update", "ref", id, "status", "finished"));
        refused("schema_violation", Map.of("action", "list", "status", "finished"));
        refused("version_conflict", Map.of("action", "complete", "ref", id, "version", 7));
        refused("not_found", Map.of("action", "complete", "ref", "task:nobody-wrote-it"));
        refused("not_found", Map.of("action", "complete", "ref", entity.id()));
        refused("not_found", Map.of("action", "assign", "ref", id, "driver", "contact:nobody"));
        refused("schema_violation", Map.of("action", "update", "ref", id, "props", Map.of("done_at", "now")));
        assertThat(graph.get(id).status()).isEqualTo("open");
        assertThat(graph.get(id).version()).isEqualTo(1);
    }

    @Test
    void shouldSayWhoWasNotLinkedWhenAPersonHasNoNodeYet() {
        JsonNode made = done(run.call("hq_task", Map.of("action", "create", "title", "Do it", "driver", "chief")));
        assertThat(made.path("not_linked")).hasSize(1);
    }

    @Test
    void shouldAskAsItsTenantAndForWhoActs() {
        done(run.call("hq_task", Map.of("action", "create", "title", "Ours alone")));
        FakePeers.Request written = peers.requests("POST", "/v1/mutations").getLast();
        assertThat(written.tenant()).isEqualTo(TestTokens.TENANT);
        assertThat(written.onBehalfOf()).isEqualTo("agent:operator");
        assertThat(written.idempotencyKey()).startsWith("call:");
    }

    @Test
    void shouldMoveProjectsFeaturesAndPromisesForAPerson() {
        String project = made(
                "hq_project", Map.of("action", "create", "name", "Shop", "entity", entity.slug(), "priority", "next"));
        String feature = made("hq_feature", Map.of("action", "create", "title", "Orders", "project", project));
        assertThat(graph.edges())
                .contains(new Edge("owned_by", project, entity.id()), new Edge("has_feature", project, feature));
        assertThat(items(owner("hq_feature", Map.of("action", "list", "project", project))))
                .hasSize(1);
        done(owner("hq_project", Map.of("action", "list", "priority", "focus")));
        assertThat(peers.requests("GET", "/v1/nodes").getLast().query()).contains("priority=focus");
        String intent =
                made("hq_intent", Map.of("action", "create", "kind", "ask_reply", "about", List.of(entity.id())));
        done(owner("hq_intent", Map.of("action", "resolve", "ref", intent, "status", "fulfilled")));
        // What is fulfilled can be opened again, and not abandoned at once
        ToolResult illegal = owner("hq_intent", Map.of("action", "resolve", "ref", intent, "status", "abandoned"));
        assertThat(illegal.error().code()).isEqualTo("illegal_transition");
        String promise = made(
                "hq_expectation",
                Map.of("action", "create", "kind", "commitment_made", "direction", "we_owe", "description", "A list"));
        done(owner("hq_expectation", Map.of("action", "resolve", "ref", promise)));
        assertThat(Instant.parse(graph.get(promise).text("resolved_at"))).isBetween(BEGUN, Instant.now());
        String call = made("hq_interaction", Map.of("action", "log", "channel", "phone", "summary", "She calls."));
        assertThat(graph.get(call).status()).isEqualTo("read");
        NodeView example = graph.add("success_example", "example:" + UUID.randomUUID(), Map.of("title", "An answer"));
        done(owner("hq_examples_promote", Map.of("ref", example.id(), "status", "active")));
        done(owner("hq_examples_pin", Map.of("ref", example.id())));
        assertThat(graph.get(example.id()).props().path("owner_pinned").asBoolean())
                .isTrue();
        assertThat(items(owner("hq_examples_find", Map.of("query", "answer"))).toString())
                .contains(example.id());
        made("open_issue", Map.of("title", "Renew it", "description", "The bank.", "assignee", "owner"));
    }

    @Test
    void shouldWaitForTheOwnerWhenTheOwnerIsAsked() {
        Fleet.curate("operator", "request_approval");
        ToolResult asked = run.call(
                "request_approval",
                Map.of(
                        "title",
                        "Lower the prices",
                        "context",
                        "Rita asks for it.",
                        "decision",
                        "By 5%.",
                        "about",
                        List.of(entity.id())));
        assertThat(asked.status()).as("%s", asked).isEqualTo(CallStatus.PROPOSED);
        assertThat(graph.ofType("decision")).isEmpty();
        FrozenCall frozen = Approved.frozen(asked);
        Approved.approve(approvals, frozen);
        assertThat(Approved.reported(approvals, frozen).status()).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(graph.ofType("decision")).hasSize(1);
        assertThat(graph.ofType("decision").getFirst().status()).isEqualTo("accepted");
    }

    private void refused(String code, Map<String, Object> arguments) {
        assertThat(Fleet.refusal(run.call("hq_task", arguments)))
                .as("%s", arguments)
                .isEqualTo(code);
    }
}
