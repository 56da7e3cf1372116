package org.capitania.supervisor.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.FenceRequest;
import org.capitania.contract.api.MessageRequest;
import org.capitania.contract.event.AgentMessage;
import org.capitania.contract.event.AgentReply;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.OwnerDm;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@QuarkusTest
class MailboxIT extends SupervisorIT {
    private static ExecutorService threads;

    @BeforeAll
    static void open() {
        threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterAll
    static void close() {
        threads.close();
    }

    @Test
    void shouldBringTheReplyToWhoeverAsked() {
        // Given
        CompletableFuture<Response> asked = ask("Which plan has Ana?", "s:1:0", null, 20_000L);
        AgentMessage message = chief.await(AgentMessage.TYPE).as(AgentMessage.class);
        // When
        reply(message, "Silver, since May").then().statusCode(200);
        // Then
        MessageRequest.Sent sent =
                Json.read(asked.join().then().statusCode(200).extract().asString(), MessageRequest.Sent.class);
        assertThat(sent.reply()).isEqualTo("Silver, since May");
        assertThat(sent.from()).isEqualTo("agent:operator");
        assertThat(sent.runId()).isEqualTo(message.runId());
        assertThat(sent.tainted()).isTrue();
        assertThat(message.from()).isEqualTo("agent:chief");
        assertThat(message.parentId()).as("the call that asks").isEqualTo("s:1:0");
        assertThat(chief.await(AgentReply.TYPE).as(AgentReply.class).to()).isEqualTo("agent:chief");
        FenceRequest fence =
                Json.convert(peers.requests("POST", "/v1/fences").getFirst().body(), FenceRequest.class);
        assertThat(fence.kind()).isEqualTo(FenceRequest.Kind.ASK);
        assertThat(fence.runId()).isEqualTo(message.runId());
        assertThat(fence.taskIds()).contains("t-1", message.messageId());
        // The first answer counts, and may be repeated.
        reply(message, "Silver, since May").then().statusCode(200);
        reply(message, "Gold").then().statusCode(409);
    }

    @Test
    void shouldTakeAPersonsAnswerInPlaceOfTheAgents() {
        // Given
        CompletableFuture<Response> asked = ask("Which plan has Ana?", "s:9:0", null, 20_000L);
        AgentMessage message = chief.await(AgentMessage.TYPE).as(AgentMessage.class);
        MessageRequest.Reply answer = new MessageRequest.Reply("Gold, since today", false);
        String path = "/v1/messages/" + message.messageId() + "/reply";
        // When
        as("agent:chief").body(Json.write(answer)).post(path).then().statusCode(403);
        as("user:owner").body(Json.write(answer)).post(path).then().statusCode(200);
        // Then
        assertThat(asked.join().path("reply").toString()).isEqualTo("Gold, since today");
        assertThat(asked.join().path("from").toString()).isEqualTo("user:owner");
        assertThat(chief.await(AgentReply.TYPE).as(AgentReply.class).from()).isEqualTo("user:owner");
        assertThat(reply(message, "Silver").statusCode()).as("the first counts").isEqualTo(409);
        assertThat(view(message.messageId()).repliedBy()).isEqualTo("user:owner");
    }

    @Test
    void shouldTellAGroupOnceAndSayWhoIsNotThere() {
        // Given
        String note = "{\"group\":\"@all\",\"text\":\"The office is closed on Friday\"}";
        // When
        for (int i = 0; i < 2; i++) {
            as("user:owner")
                    .header("Idempotency-Key", "b-1")
                    .body(note)
                    .post("/v1/broadcasts")
                    .then()
                    .statusCode(200);
        }
        // Then
        await().atMost(PATIENCE).until(() -> chief.ofType(OwnerDm.TYPE).size() == 2);
        assertThat(chief.ofType(OwnerDm.TYPE))
                .extracting(e -> e.as(OwnerDm.class).to())
                .containsExactlyInAnyOrder("chief", "operator");
        assertThat(count("SELECT count(*) FROM fleet.messages WHERE to_group = '@all'"))
                .isEqualTo(2);
        for (String nobody : List.of("@projects", "@friends")) {
            Response refused = as("user:owner")
                    .body(Map.of("group", nobody, "text", "hello"))
                    .post("/v1/broadcasts");
            assertThat(refused.path("code").toString()).isEqualTo("unknown_peer");
        }
        as("agent:chief").body(note).post("/v1/broadcasts").then().statusCode(403);
    }

    @Test
    void shouldSayWhatAnAgentMadeOfAPersonsNote() {
        // Given
        registerChief();
        String id = as("user:owner")
                .body(Map.of("kind", "send", "to", "chief", "text", "Call Ana first"))
                .post("/v1/messages")
                .path("message_id");
        AgentWake wake = awaitWake(1);
        assertThat(view(id).state()).isEqualTo("sent");
        // When
        claim(wake);
        finish(wake);
        // Then
        assertThat(view(id).state()).isEqualTo("answered");
        assertThat(view(id).reply()).isEqualTo("done");
        assertThat(view(id).repliedBy()).isEqualTo("agent:chief");
    }

    private static MessageRequest.View view(String messageId) {
        return Json.read(as("user:owner").get("/v1/messages/" + messageId).asString(), MessageRequest.View.class);
    }

    @Test
    void shouldAskOnceWhenTheSameCallIsRepeated() {
        // Given
        CompletableFuture<Response> first = ask("Which plan?", "s:2:0", null, 20_000L);
        CompletableFuture<Response> second = ask("Which plan?", "s:2:0", null, 20_000L);
        AgentMessage message = chief.await(AgentMessage.TYPE).as(AgentMessage.class);
        // When
        reply(message, "Gold").then().statusCode(200);
        // Then
        assertThat(first.join().path("reply").toString()).isEqualTo("Gold");
        assertThat(second.join().path("reply").toString()).isEqualTo("Gold");
        assertThat(ask("Which plan?", "s:2:0", null, null).join().path("reply").toString())
                .isEqualTo("Gold");
        assertThat(chief.ofType(AgentMessage.TYPE)).hasSize(1);
        assertThat(ask("Another question", "s:2:0", null, null)
                        .join()
                        .path("code")
                        .toString())
                .isEqualTo("idempotency_mismatch");
    }

    @Test
    void shouldFindAReplyThatAnotherProcessStored() {
        // Given
        CompletableFuture<Response> asked = ask("Which plan?", "s:3:0", null, 20_000L);
        AgentMessage message = chief.await(AgentMessage.TYPE).as(AgentMessage.class);
        // When
        sql(
                "UPDATE fleet.messages SET state = 'answered', reply = 'Gold', reply_tainted = false, ended_at = now() WHERE message_id = '"
                        + message.messageId() + "'");
        // Then
        assertThat(asked.join().path("reply").toString()).isEqualTo("Gold");
    }

    @Test
    void shouldTimeOutAndRefuseALateAnswer() {
        // Given / When
        Response asked = ask("Which plan?", "s:4:0", null, 500L).join();
        // Then
        asked.then().statusCode(504);
        assertThat(asked.path("code").toString()).isEqualTo("peer_timeout");
        AgentMessage message = chief.await(AgentMessage.TYPE).as(AgentMessage.class);
        assertThat(reply(message, "too late").path("code").toString()).isEqualTo("lease_lost");
        assertThat(ask("Which plan?", "s:4:0", null, 500L).join().statusCode()).isEqualTo(504);
        await().atMost(PATIENCE)
                .until(() -> !peers.requests("DELETE", "/v1/fences/" + message.runId())
                        .isEmpty());
    }

    @Test
    void shouldRefuseAnAskInsideAnAsk() {
        // Given
        CompletableFuture<Response> asked = ask("Which plan?", "s:5:0", null, 20_000L);
        AgentMessage message = chief.await(AgentMessage.TYPE).as(AgentMessage.class);
        // When
        Response nested = post(
                "agent:operator",
                new MessageRequest(AgentMessage.Kind.ASK, "chief", "And you?", null, null, message.runId(), null, null),
                "o:1:0");
        // Then
        assertThat(nested.statusCode()).isEqualTo(409);
        assertThat(nested.path("code").toString()).isEqualTo("nested_ask");
        reply(message, "nothing").then().statusCode(200);
        asked.join().then().statusCode(200);
    }

    @Test
    void shouldGoOnWithAnAskThatWasStoredBeforeTheGatewayAnswered() {
        // Given
        peers.on("POST", "/v1/fences", request -> {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "not now");
        });
        assertThat(ask("Which plan?", "s:6:0", null, 20_000L).join().statusCode())
                .isEqualTo(503);
        assertThat(chief.ofType(AgentMessage.TYPE)).isEmpty();
        // When
        peers.on("POST", "/v1/fences", request -> Map.of());
        CompletableFuture<Response> again = ask("Which plan?", "s:6:0", null, 20_000L);
        // Then
        reply(chief.await(AgentMessage.TYPE).as(AgentMessage.class), "Gold");
        assertThat(again.join().path("reply").toString()).isEqualTo("Gold");
    }

    @Test
    void shouldRefuseWhatCannotBeAnswered() {
        // Given
        as("user:owner")
                .body("{\"reason\":\"resting\"}")
                .post("/v1/agents/operator/pause")
                .then()
                .statusCode(200);
        // When / Then
        Response paused = ask("Which plan?", "s:7:0", null, 500L).join();
        assertThat(paused.path("code").toString()).isEqualTo("peer_paused");
        assertThat(paused.path("detail").toString()).contains("operator is paused by user:owner: resting");
        Response unknown = post(
                "agent:chief",
                new MessageRequest(AgentMessage.Kind.ASK, "treasurer", "?", null, null, null, null, null),
                "x");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.path("code").toString()).isEqualTo("unknown_peer");
        // Agents write through the gateway, so that the question is in the ledger.
        as("agent:chief")
                .body(Map.of("kind", "ask", "to", "operator", "text", "?"))
                .post("/v1/messages")
                .then()
                .statusCode(403);
    }

    @Test
    void shouldNotWaitForAPeerThatIsPausedAfterItWasAsked() {
        // Given
        CompletableFuture<Response> asked = ask("Which plan?", "s:8:0", null, 20_000L);
        AgentMessage message = chief.await(AgentMessage.TYPE).as(AgentMessage.class);
        // When
        as("user:owner").body("{}").post("/v1/agents/operator/pause").then().statusCode(200);
        // Then
        assertThat(asked.join().path("code").toString()).isEqualTo("peer_paused");
        assertThat(reply(message, "too late").path("code").toString()).isEqualTo("lease_lost");
        // Its read-only run is closed: what it has not called a model for by now, it never does.
        await().atMost(PATIENCE)
                .until(() -> !peers.requests("DELETE", "/v1/fences/" + message.runId())
                        .isEmpty());
        assertThat(ask("Which plan?", "s:8:0", null, 20_000L)
                        .join()
                        .path("code")
                        .toString())
                .isEqualTo("peer_paused");
    }

    @Test
    void shouldWakeTheAgentWhenAPersonWritesToIt() {
        // Given
        registerChief();
        // When
        Response sent = as("user:owner")
                .body(Map.of("kind", "send", "to", "chief", "text", "Call Ana first"))
                .header("Idempotency-Key", "dm-1")
                .post("/v1/messages");
        // Then
        sent.then().statusCode(200);
        OwnerDm dm = chief.await(OwnerDm.TYPE).as(OwnerDm.class);
        assertThat(dm.text()).isEqualTo("Call Ana first");
        AgentWake wake = awaitWake(1);
        assertThat(wake.reason()).isEqualTo("owner.dm");
        assertThat(wake.tasks().getFirst().tainted()).isFalse();
        assertThat(wake.tasks().getFirst().events().getFirst().key()).isEqualTo(dm.messageId());
    }

    @Test
    void shouldKeepANoteOfAPeerWithoutWakingAnyone() {
        // Given
        registerChief();
        // When
        post(
                        "agent:operator",
                        new MessageRequest(AgentMessage.Kind.SEND, "chief", "FYI", null, null, null, false, null),
                        "n-1")
                .then()
                .statusCode(200);
        post(
                        "agent:operator",
                        new MessageRequest(AgentMessage.Kind.SEND, "chief", "FYI", null, null, null, false, null),
                        "n-1")
                .then()
                .statusCode(200);
        // Then
        chief.await(AgentMessage.TYPE, e -> e.as(AgentMessage.class).kind() == AgentMessage.Kind.SEND);
        List<MessageRequest.View> inbox = Json.read(
                        as("agent:chief").get("/v1/messages?to=chief").asString(), MessageRequest.Page.class)
                .items();
        assertThat(inbox).hasSize(1);
        assertThat(inbox.getFirst().from()).isEqualTo("agent:operator");
        assertThat(wakes()).isEmpty();
    }

    private CompletableFuture<Response> ask(String text, String call, String run, Long timeout) {
        return CompletableFuture.supplyAsync(
                () -> post(
                        "agent:chief",
                        new MessageRequest(AgentMessage.Kind.ASK, "operator", text, "t-1", "c-1", run, true, timeout),
                        call),
                threads);
    }

    /** As the gateway does it, on behalf of an agent. */
    private static Response post(String actor, MessageRequest message, String key) {
        return io.restassured.RestAssured.given()
                .contentType("application/json")
                .header(
                        "Authorization",
                        "Bearer " + TestTokens.onBehalfOf("system:tool-registry", actor, Service.SUPERVISOR, "main"))
                .header("Idempotency-Key", key)
                .body(Json.write(message))
                .post("/v1/messages");
    }

    private static Response reply(AgentMessage message, String text) {
        return as("agent:operator")
                .body(Json.write(new MessageRequest.Reply(text, false)))
                .post("/v1/messages/" + message.messageId() + "/reply");
    }
}
