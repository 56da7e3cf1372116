package org.capitania.registry.freezing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.Approved;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent's mail becomes a proposal, and only what may be answered does. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class FreezingIT {
    private FakePeers peers;
    private FakeGraph graph;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        Fleet.curate("chief", "email_send", "email_thread_read", "hq_proposal", "hq_event_log");
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldAnnounceExactlyWhatWasAskedWhenACallIsFrozen() {
        // Given
        FakeGraph.Thread thread = graph.thread("Delivery");
        Fleet.Run run = Fleet.wake("chief");
        try (EventTail events = EventTail.fromNow("hq.proposal", "hq.ledger.actions")) {
            run.call(
                    "email_thread_read",
                    Map.of("conversation_id", thread.conversation().id()));
            // When
            ObjectNode arguments = thread.answer("Monday at nine works.");
            ToolResult result = run.call("email_send", arguments);
            // Then
            assertThat(result.status()).isEqualTo(CallStatus.PROPOSED);
            Event event = events.await(FrozenCall.TYPE, e -> e.key().equals(result.proposalId()));
            FrozenCall frozen = event.as(FrozenCall.class);
            assertThat(frozen.arguments()).isEqualTo(arguments);
            assertThat(frozen.digest()).isEqualTo(Canonical.digest("email_send", Canonical.bytes(arguments)));
            assertThat(frozen.tainted()).isTrue();
            assertThat(frozen.facts())
                    .extracting(FrozenCall.Fact::nodeId)
                    .containsExactlyInAnyOrder(
                            thread.mail().id(),
                            thread.conversation().id(),
                            thread.contact().id());
            assertThat(frozen.rendering().recipients()).containsExactly("Rita Sousa <" + thread.address() + ">");
            assertThat(frozen.taskId()).isEqualTo(run.taskId());
            assertThat(Json.read(
                            Fleet.as("user:owner")
                                    .get("/v1/frozen-calls/{id}", result.proposalId())
                                    .asString(),
                            FrozenCall.class))
                    .isEqualTo(frozen);
            events.await(
                    "ledger.action",
                    e -> e.data().path("status").asText().equals("proposed")
                            && e.data().path("task_id").asText().equals(run.taskId()));
        }
    }

    @Test
    void shouldReturnTheWaitingProposalWhenTheSameAnswerIsProposedAgain() throws Exception {
        // Given
        FakeGraph.Thread thread = graph.thread("Twice");
        Fleet.Run run = Fleet.wake("chief");
        List<Future<ToolResult>> answers = new ArrayList<>();
        // When: ten different drafts at once
        try (ExecutorService threads = Executors.newFixedThreadPool(10)) {
            for (int i = 0; i < 10; i++) {
                String body = "Draft " + i;
                answers.add(threads.submit(() -> run.call("email_send", thread.answer(body))));
            }
        }
        // Then
        List<ToolResult> results = new ArrayList<>();
        for (Future<ToolResult> answer : answers) {
            results.add(answer.get());
        }
        assertThat(results)
                .extracting(ToolResult::proposalId)
                .containsOnly(results.getFirst().proposalId());
        assertThat(results.stream()
                        .filter(r -> !r.data().path("already_waiting").asBoolean()))
                .hasSize(1);
    }

    @Test
    void shouldTellWhoReadsTheThreadThatAnAnswerWaitsAlreadyUntilItIsDecided() {
        // Given
        FakeGraph.Thread thread = graph.thread("Overdue");
        assertThat(answerOf(thread).has("drafted")).isFalse();
        ToolResult drafted = Fleet.wake("chief").call("email_send", thread.answer("Monday at nine works."));
        assertThat(drafted.status()).isEqualTo(CallStatus.PROPOSED);
        // Then
        JsonNode waits = answerOf(thread).path("drafted");
        assertThat(waits.path("proposal_id").asText()).isEqualTo(drafted.proposalId());
        assertThat(Instant.parse(waits.path("since").asText()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
        // When: they write again, that message has none
        graph.mail(
                thread.conversation(),
                thread.address(),
                "And Tuesday?",
                "person",
                "2026-11-20T09:20:00Z",
                "later" + System.nanoTime());
        assertThat(answerOf(thread).has("drafted")).isFalse();
    }

    private static JsonNode answerOf(FakeGraph.Thread thread) {
        ToolResult read = Fleet.wake("chief")
                .call(
                        "email_thread_read",
                        Map.of("conversation_id", thread.conversation().id()));
        assertThat(read.data().path("answer").has("in_reply_to_interaction")).isTrue();
        return read.data().path("answer");
    }

    @Test
    void shouldRefuseWhenTheMailWasNotWrittenByAPerson() {
        for (String kind : List.of("auto_reply", "mailing_list", "bounce", "own")) {
            FakeGraph.Thread thread = graph.thread("Automatic");
            NodeView automatic = graph.mail(
                    thread.conversation(),
                    thread.address(),
                    "Out of office",
                    kind,
                    "2026-11-20T09:20:00Z",
                    kind + System.nanoTime());
            ObjectNode arguments = thread.answer("Thanks.").put("in_reply_to_interaction", automatic.id());
            ToolResult result = Fleet.wake("chief").call("email_send", arguments);
            assertThat(result.status()).as(kind).isEqualTo(CallStatus.REFUSED);
            assertThat(result.error().code()).isEqualTo("recipient_not_allowed");
        }
    }

    @Test
    void shouldRefuseWhenARecipientIsUnknownOrOurselves() {
        FakeGraph.Thread thread = graph.thread("Leak");
        Fleet.Run run = Fleet.wake("chief");
        for (String to : List.of(
                "stranger@evil.example",
                "office@capitania.example",
                "Rita <rita@x.example>",
                "a@b.example\nBcc: c@d.example")) {
            ObjectNode arguments = thread.answer("Here are the books.");
            arguments.putArray("cc").add(to);
            ToolResult result = run.call("email_send", arguments);
            assertThat(result.status()).as(to).isEqualTo(CallStatus.REFUSED);
        }
        assertThat(run.call("email_send", thread.answer("x").put("subject", "a\r\nBcc: evil@x.example"))
                        .error()
                        .code())
                .isEqualTo("schema_violation");
    }

    @Test
    void shouldCheckEverythingAgainWhenAPersonEdits() {
        // Given
        FakeGraph.Thread thread = graph.thread("Edited");
        ToolResult proposed = Fleet.wake("chief").call("email_send", thread.answer("First draft."));
        ObjectNode better = thread.answer("Better draft.");
        ObjectNode elsewhere = thread.answer("x");
        elsewhere.putArray("to").add("stranger@evil.example");
        ObjectNode wrong = thread.answer("x");
        wrong.put("bcc", "evil@x.example");
        FakeGraph.Thread other = graph.thread("Another thread");
        // When
        FrozenCall second =
                Json.read(Approved.edit(proposed.proposalId(), better).asString(), FrozenCall.class);
        // Then
        assertThat(second.revision()).isEqualTo(2);
        assertThat(second.digest()).isEqualTo(Canonical.digest("email_send", Canonical.bytes(better)));
        assertThat(Json.read(Approved.edit(proposed.proposalId(), better).asString(), FrozenCall.class))
                .isEqualTo(second);
        assertThat(Approved.edit(proposed.proposalId(), elsewhere).statusCode()).isEqualTo(403);
        assertThat(Approved.edit(proposed.proposalId(), wrong).statusCode()).isEqualTo(422);
        assertThat(Approved.edit(proposed.proposalId(), other.answer("x")).statusCode())
                .isEqualTo(409);
        // And: changed facts make a new revision of the same words
        graph.touch(thread.mail().id(), Map.of("subject", "Edited!"));
        FrozenCall third =
                Json.read(Approved.edit(proposed.proposalId(), better).asString(), FrozenCall.class);
        assertThat(third.revision()).isEqualTo(3);
        assertThat(third.digest()).isEqualTo(second.digest());
    }

    @Test
    void shouldLetNoAgentDecideOrEdit() {
        FakeGraph.Thread thread = graph.thread("Self-approval");
        Fleet.Run run = Fleet.wake("chief");
        ToolResult proposed = run.call("email_send", thread.answer("I approve of myself."));
        String body = Json.write(Map.of("arguments", thread.answer("Other words."), "by", "user:owner"));
        Fleet.as("agent:chief")
                .body(body)
                .post("/v1/frozen-calls/{id}/revisions", proposed.proposalId())
                .then()
                .statusCode(403);
        Fleet.as("user:owner")
                .body(body)
                .post("/v1/frozen-calls/{id}/revisions", proposed.proposalId())
                .then()
                .statusCode(403);
        Fleet.as("agent:chief")
                .get("/v1/frozen-calls/{id}", proposed.proposalId())
                .then()
                .statusCode(403);
        assertThat(run.call("hq_proposal", Map.of("action", "approve", "id", proposed.proposalId()))
                        .error()
                        .code())
                .isEqualTo("schema_violation");
    }
}
