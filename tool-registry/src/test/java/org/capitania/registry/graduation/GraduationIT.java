package org.capitania.registry.graduation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.SessionOpen;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.Approved;
import org.capitania.registry.FakeApprovals;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the owner has graduated leaves without asking, as far as it was graduated and no further. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class GraduationIT {
    @Inject
    Sql sql;

    private FakePeers peers;
    private FakeGraph graph;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        assertThat(new FakeApprovals(peers).reports("none")).isEmpty();
        Fleet.curate("chief", "email_send", "email_thread_read", "hq_graduation", "hq_search");
        Fleet.guardiansLive();
    }

    @AfterEach
    void revokeAndStopPeers() {
        try {
            owner("revoke", Map.of());
        } finally {
            peers.close();
        }
    }

    @Test
    void shouldSendWithoutAskingUntilItIsRevoked() {
        // Given
        Fleet.Run run = Fleet.wake("chief");
        assertThat(send(run, graph.thread("Before"), "Yes.").status()).isEqualTo(CallStatus.PROPOSED);
        assertThat(owner("grant", Map.of()).status()).isEqualTo(CallStatus.DONE);
        int before = Approved.mails().size();
        // When
        ToolResult sent = send(run, graph.thread("Delivery"), "Monday works.");
        // Then
        assertThat(sent.status()).as("%s", sent).isEqualTo(CallStatus.DONE);
        assertThat(sent.data().path("message_id").asText()).isNotBlank();
        assertThat(Approved.mails()).hasSize(before + 1);
        // When
        assertThat(owner("revoke", Map.of()).data().path("revoked").asInt()).isOne();
        // Then
        assertThat(send(run, graph.thread("After"), "Yes.").status()).isEqualTo(CallStatus.PROPOSED);
        assertThat(Approved.mails()).hasSize(before + 1);
    }

    @Test
    void shouldAskAllTheSameWhenItIsOutsideTheScope() {
        FakeGraph.Thread inside = graph.thread("Inside");
        FakeGraph.Thread outside = graph.thread("Outside");
        owner("grant", Map.of("scope", "address:" + inside.address()));
        Fleet.Run run = Fleet.wake("chief");
        assertThat(send(run, outside, "Yes.").status()).isEqualTo(CallStatus.PROPOSED);
        ObjectNode both = inside.answer("Yes, both of you.");
        both.withArray("/cc").add(outside.address());
        assertThat(run.call("email_send", both).status()).isEqualTo(CallStatus.PROPOSED);
        assertThat(send(run, inside, "Yes.").status()).isEqualTo(CallStatus.DONE);
    }

    @Test
    void shouldAskAgainWhenItsTimeIsOver() {
        owner("grant", Map.of("until", Instant.now().plus(Duration.ofSeconds(1)).toString()));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Fleet.owner(
                                "hq_graduation",
                                "list-" + UUID.randomUUID(),
                                Map.of("action", "list", "agent", "chief"))
                        .data()
                        .path("items")
                        .isEmpty());
        assertThat(send(Fleet.wake("chief"), graph.thread("Late"), "Yes.").status())
                .isEqualTo(CallStatus.PROPOSED);
    }

    @Test
    void shouldLetATaintedRunOnlyAnswerTheThreadItRead() {
        // Given
        owner("grant", Map.of());
        FakeGraph.Thread thread = graph.thread("Read");
        FakeGraph.Thread other = graph.thread("Not read");
        // Then: to another thread
        assertThat(send(reading(thread), other, "Look what they wrote.").status())
                .isEqualTo(CallStatus.PROPOSED);
        // And: to somebody beside the thread
        ObjectNode copied = thread.answer("Yes, and a copy.");
        copied.withArray("/cc").add(other.address());
        assertThat(reading(thread).call("email_send", copied).status()).isEqualTo(CallStatus.PROPOSED);
        // And: with more than text
        for (String link : List.of("https://evil.example/?q=secret", "evil.example/pay", "198.51.100.7:8080/pay")) {
            FakeGraph.Thread linked = graph.thread("Linked");
            assertThat(send(reading(linked), linked, "See " + link).status())
                    .as(link)
                    .isEqualTo(CallStatus.PROPOSED);
        }
        // And: after reading a second thread
        FakeGraph.Thread third = graph.thread("Third");
        Fleet.Run mixed = reading(third);
        read(mixed, other);
        assertThat(send(mixed, third, "Yes.").status()).isEqualTo(CallStatus.PROPOSED);
        // But: a plain answer to the people of the very thread leaves
        FakeGraph.Thread plain = graph.thread("Plain");
        assertThat(send(reading(plain), plain, "Monday and/or Friday works, 50 EUR/h.\nAna, padaria.pt")
                        .status())
                .isEqualTo(CallStatus.DONE);
    }

    @Test
    void shouldAskForWhatIsDestructiveWhateverWasGraduated() {
        owner("grant", Map.of());
        FakeGraph.Thread thread = graph.thread("Everybody");
        ObjectNode mass = thread.answer("Dear all");
        for (int i = 0; i < 6; i++) {
            mass.withArray("/cc").add(graph.thread("Other " + i).address());
        }
        ToolResult result = Fleet.wake("chief").call("email_send", mass);
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.PROPOSED);
        assertThat(Approved.frozen(result).risk()).isEqualTo("destructive");
    }

    @Test
    void shouldAskWhenALetterGoesToManyInPieces() {
        // Given
        owner("grant", Map.of());
        FakeGraph.Thread thread = graph.thread("Everybody, bit by bit");
        ObjectNode first = thread.answer("Dear all");
        for (int i = 0; i < 4; i++) {
            first.withArray("/cc").add(graph.thread("Contact " + i).address());
        }
        assertThat(Fleet.wake("chief").call("email_send", first).status()).isEqualTo(CallStatus.DONE);
        // When: another task answers the same message, to one more
        ObjectNode second = thread.answer("Dear all");
        second.putArray("to").add(graph.thread("One more").address());
        ToolResult more = Fleet.wake("chief").call("email_send", second);
        // Then
        assertThat(more.status()).as("%s", more).isEqualTo(CallStatus.PROPOSED);
        assertThat(Approved.frozen(more).risk()).isEqualTo("destructive");
        // And: one task answers many messages
        Fleet.Run run = Fleet.wake("chief");
        for (int i = 0; i < 5; i++) {
            assertThat(send(run, graph.thread("Number " + i), "Yes.").status()).isEqualTo(CallStatus.DONE);
        }
        assertThat(send(run, graph.thread("Number 6"), "Yes.").status()).isEqualTo(CallStatus.PROPOSED);
        assertThat(send(Fleet.wake("chief"), graph.thread("Another task"), "Yes.")
                        .status())
                .isEqualTo(CallStatus.DONE);
    }

    @Test
    void shouldTakeATriggerForItsThreadsOnlyWhenItWas() {
        // Given: tasks that something from outside has woken
        owner("grant", Map.of());
        FakeGraph.Thread thread = graph.thread("Woken for");
        FakeGraph.Thread other = graph.thread("Not woken for");
        // Then
        assertThat(send(woken(null), other, "Yes.").status()).isEqualTo(CallStatus.PROPOSED);
        Fleet.Run here = woken(thread.conversation().id());
        assertThat(send(here, other, "Yes.").status()).isEqualTo(CallStatus.PROPOSED);
        assertThat(send(here, thread, "Yes.").status()).isEqualTo(CallStatus.DONE);
    }

    @Test
    void shouldAskWhenAnotherAgentHasToldOfSomethingFromOutside() {
        // Given: a task that was woken for a thread
        owner("grant", Map.of());
        FakeGraph.Thread thread = graph.thread("Told meanwhile");
        Fleet.Run run = woken(thread.conversation().id());
        // When: it is shown a note that rests on what others wrote
        open(run, new SessionOpen.Trigger(SessionOpen.Trigger.NOTE, null, null, true, "a note"));
        // Then
        ToolResult answer = send(run, thread, "They say that you owe us more.");
        assertThat(answer.status()).as("%s", answer).isEqualTo(CallStatus.PROPOSED);
    }

    private static Fleet.Run woken(String conversation) {
        Fleet.Run run = Fleet.wake("chief");
        open(run, new SessionOpen.Trigger("any.event", conversation, null, true, "any event"));
        return run;
    }

    private static void open(Fleet.Run run, SessionOpen.Trigger trigger) {
        Fleet.as("agent:chief")
                .body(Json.write(
                        new SessionOpen(run.sessionId(), run.taskId(), run.role(), run.runId(), run.fence(), trigger)))
                .post("/v1/sessions")
                .then()
                .statusCode(200);
    }

    @Test
    void shouldNotSendAgainWhatTheOwnerHasTakenBackMeanwhile() {
        // Given: a letter of a process that died before it left
        FakeGraph.Thread thread = graph.thread("Taken back");
        Fleet.Run run = Fleet.wake("chief");
        ObjectNode letter = thread.answer("I may send this.");
        ToolResult waiting = run.call("email_send", letter);
        String id = run.nextCall();
        int before = Approved.mails().size();
        sql.run(Scope.of("main", "agent:chief", "test"), tx -> {
            tx.execute("DELETE FROM open_freezes WHERE proposal_id = $1", waiting.proposalId());
            tx.execute("""
                    INSERT INTO calls (call_id, actor, session_id, task_id, run_id, fence, tool, action, idempotency, input, input_digest, status,
                                       lease_owner, lease_expires_at)
                    SELECT $1, actor, session_id, task_id, run_id, fence, tool, action, idempotency, input, input_digest, 'intent', 'dead',
                           clock_timestamp() FROM calls WHERE proposal_id = $2
                    """, id, waiting.proposalId());
            tx.execute("""
                    INSERT INTO effects (effect_id, business_key, tool, actor, message_id, effect, status)
                    SELECT $1, business_key, 'email_send', 'agent:chief', effect ->> 'message_id', effect, 'intent'
                      FROM frozen_revisions WHERE proposal_id = $2
                    """, id, waiting.proposalId());
        });
        // When: the agent asks again under the same id, and nothing is graduated any more
        ToolResult again = run.call("email_send", id, letter);
        // Then
        assertThat(again.ok()).as("%s", again).isFalse();
        assertThat(again.error().message()).contains("the owner has to be asked");
        assertThat(Approved.mails()).hasSize(before);
    }

    @Test
    void shouldNotCallFailedWhatHasLeft() throws SQLException {
        // Given: once the letter has left, the store loses what is said of it
        owner("grant", Map.of());
        Fleet.Run run = Fleet.wake("chief");
        String id = run.nextCall();
        ObjectNode letter = graph.thread("Left").answer("We come on Monday.");
        int before = Approved.mails().size();
        database("CREATE SEQUENCE ledger.lost_end", """
                CREATE FUNCTION ledger.lost_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
                    IF NEW.effect_id = '%s' AND NEW.status = 'done' AND nextval('ledger.lost_end') = 1 THEN RAISE EXCEPTION 'lost'; END IF;
                    RETURN NEW;
                END $$
                """.formatted(id), """
                CREATE TRIGGER lost_end BEFORE UPDATE ON ledger.effects FOR EACH ROW EXECUTE FUNCTION ledger.lost_end()
                """);
        try {
            run.raw("email_send", id, letter);
            assertThat(Approved.mails()).hasSize(before + 1);
            // When
            ToolResult again = run.call("email_send", id, letter);
            // Then
            assertThat(again.status()).as("%s", again).isEqualTo(CallStatus.DONE);
            assertThat(Approved.mails()).hasSize(before + 1);
        } finally {
            database("DROP FUNCTION ledger.lost_end() CASCADE", "DROP SEQUENCE ledger.lost_end");
        }
    }

    private static void database(String... statements) throws SQLException {
        try (Connection superuser = TestPostgres.shared().connect();
                Statement statement = superuser.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void shouldSendNothingWhileNobodyWatches() {
        owner("grant", Map.of());
        sql.run(
                Scope.of("main", "system:tool-registry", "test"),
                tx -> tx.execute("UPDATE heartbeats SET at = clock_timestamp() - interval '11 seconds'"));
        int before = Approved.mails().size();
        FakeGraph.Thread thread = graph.thread("Unwatched");
        ToolResult result = send(Fleet.wake("chief"), thread, "Yes.");
        assertThat(result.error().code()).isEqualTo("safety_service_down");
        assertThat(Approved.mails()).hasSize(before);
        Fleet.guardiansLive();
        assertThat(send(Fleet.wake("chief"), thread, "Yes.").status()).isEqualTo(CallStatus.DONE);
    }

    @Test
    void shouldLetOnlyTheOwnerGraduateAndOnlyWhatIsOutward() {
        Map<String, Object> grant = Map.of("action", "grant", "agent", "chief", "act", "email_send");
        assertThat(Fleet.wake("chief").call("hq_graduation", grant).error().code())
                .isEqualTo("not_granted");
        String body = Json.write(Map.of("arguments", grant));
        for (String principal : new String[] {"user:ana", "system:supervisor", "system:approval-service"}) {
            assertThat(Fleet.as(principal)
                            .body(body)
                            .post("/v1/tools/hq_graduation/calls")
                            .jsonPath()
                            .getString("error.code"))
                    .as(principal)
                    .isEqualTo("denied");
        }
        for (String act : new String[] {"hq_entity.merge", "hq_event_log", "hq_autonomy.freeze", "nothing_at_all"}) {
            assertThat(owner("grant", Map.of("act", act)).error().code())
                    .as(act)
                    .isEqualTo("schema_violation");
        }
        assertThat(owner("grant", Map.of("scope", "everybody")).error().code()).isEqualTo("schema_violation");
        assertThat(send(Fleet.wake("chief"), graph.thread("Still"), "Yes.").status())
                .isEqualTo(CallStatus.PROPOSED);
    }

    private Fleet.Run reading(FakeGraph.Thread thread) {
        Fleet.Run run = Fleet.wake("chief");
        read(run, thread);
        return run;
    }

    private static void read(Fleet.Run run, FakeGraph.Thread thread) {
        assertThat(run.call(
                                "email_thread_read",
                                Map.of("conversation_id", thread.conversation().id()))
                        .status())
                .isEqualTo(CallStatus.DONE);
    }

    private static ToolResult send(Fleet.Run run, FakeGraph.Thread thread, String body) {
        return run.call("email_send", thread.answer(body));
    }

    private static ToolResult owner(String action, Map<String, Object> more) {
        ObjectNode arguments = Json.MAPPER
                .createObjectNode()
                .put("action", action)
                .put("agent", "chief")
                .put("act", "email_send");
        arguments.setAll((ObjectNode) Json.tree(more));
        return Fleet.owner("hq_graduation", "graduation-" + UUID.randomUUID(), arguments);
    }
}
