package org.capitania.registry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.capitania.registry.models.ModelCalls.MESSAGES;
import static org.capitania.registry.models.ModelCalls.call;
import static org.capitania.registry.models.ModelCalls.headers;
import static org.capitania.registry.models.ModelCalls.http;
import static org.capitania.registry.models.ModelCalls.raw;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.event.Event;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.OpenRequests;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Models behind the gateway's door: the provider's own wire and our key. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class ModelsIT {
    @Inject
    Sql sql;

    private ModelCalls books;

    @BeforeEach
    void freshDay() {
        books = new ModelCalls(sql);
        books.freshDay();
    }

    @Test
    void shouldPassTheAnswerThroughAndSettleWhatItCost() {
        Fleet.Run run = Fleet.wake("chief");
        try (EventTail events = EventTail.fromNow("hq.ledger.llm-calls")) {
            Response response = call(run, "c1", "claude-haiku-4-5", 4000).post(MESSAGES);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.jsonPath().getString("content[0].text")).isEqualTo("Hello");
            String request = FakeProvider.requests().getFirst();
            assertThat(request).startsWith("/v1/messages key=sk-test-planted authorization=null");
            Event event = events.await(
                    "ledger.llm_call", e -> e.data().path("task_id").asText().equals(run.taskId()));
            // 1000 in at 1 USD, 2000 out at 5 USD a million
            assertThat(event.data().path("cost_usd").decimalValue()).isEqualByComparingTo("0.011");
            assertThat(event.data().path("output_tokens").asLong()).isEqualTo(2000);
            assertThat(event.data().path("status").asText()).isEqualTo("done");
            assertThat(books.spent("chief")).isEqualByComparingTo("0.011");
        }
    }

    @Test
    void shouldPassEachPieceOnWhenTheAnswerStreams() throws Exception {
        // Given: a provider that sends the second piece only when somebody has the first
        Fleet.Run run = Fleet.wake("chief");
        HttpRequest request = raw(run, "c1", "claude-haiku-stream");
        HttpResponse<InputStream> response = http().send(request, BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        // When
        String first = lines.readLine();
        assertThat(books.open("chief")).as("nothing is settled before the end").isEqualTo(1);
        FakeProvider.permit();
        // Then
        assertThat(first).contains("message_start");
        assertThat(lines.lines().filter(line -> !line.isEmpty()).toList().getLast())
                .endsWith("{\"output_tokens\":50}}");
        // 100 in, 50 out
        assertThat(books.spent("chief")).isEqualByComparingTo("0.00035");
    }

    @Test
    void shouldPassErrorsThroughAndChargeNothingWhenTheProviderRefuses() {
        Fleet.Run run = Fleet.wake("chief");
        assertThat(call(run, "c1", "claude-haiku-status-529", 4000)
                        .post(MESSAGES)
                        .statusCode())
                .isEqualTo(529);
        Response limited = call(run, "c1", "claude-haiku-status-429", 4000).post(MESSAGES);
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.header("retry-after")).isEqualTo("7");
        assertThat(limited.jsonPath().getString("error.type")).isEqualTo("rate_limit_error");
        await().untilAsserted(() -> assertThat(books.spent("chief")).isEqualByComparingTo("0"));
    }

    @Test
    void shouldNotTryAgainWhenTheProviderRefusedOurKey() {
        Fleet.Run run = Fleet.wake("chief");
        assertThat(call(run, "c1", "status-401", 100)
                        .post("/v1/models/openai/v1/chat/completions")
                        .statusCode())
                .isEqualTo(401);
        Response second = call(run, "c2", "gpt-5", 100).post("/v1/models/openai/v1/chat/completions");
        assertThat(second.jsonPath().getString("code")).isEqualTo("provider_rejected");
        await().until(() -> books.llmCalls(run.taskId()).size() == 2);
        assertThat(books.llmCalls(run.taskId()))
                .extracting(c -> c.path("status").asText())
                .containsExactlyInAnyOrder("failed:401", "refused:provider_rejected");
        assertThat(FakeProvider.requests())
                .hasSize(1)
                .first()
                .asString()
                .contains("authorization=Bearer sk-other-planted");
    }

    /** Often, since what ended such an answer as if it were whole was a race. */
    @RepeatedTest(10)
    void shouldChargeWhatWasSetAsideWhenTheAnswerIsCutOff() throws Exception {
        Fleet.Run run = Fleet.wake("chief");
        HttpRequest request = raw(run, "c1", "claude-haiku-cut-off");
        // The caller must see that it broke: half an answer must not look like a whole one.
        assertThat(broken(request)).isTrue();
        await().untilAsserted(() -> assertThat(books.spent("chief")).isGreaterThan(new BigDecimal("0.02")));
        assertThat(books.open("chief")).isZero();
        await().until(() -> books.llmCalls(run.taskId()).size() == 1);
        assertThat(books.llmCalls(run.taskId()).getFirst().path("status").asText())
                .isEqualTo("failed:cut_off");
        // A shutdown would wait for it.
        await("no request is counted as open").until(() -> OpenRequests.count() == 0);
    }

    /** Whether the connection broke, or an answer of ours says so that was still to be had because nothing had been passed on yet. */
    private static boolean broken(HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<String> answer = http().send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(500);
            return true;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void shouldChargeWhatWasSetAsideWhenTheCallerGoesAway() throws Exception {
        Fleet.Run run = Fleet.wake("chief");
        HttpResponse<InputStream> response =
                http().send(raw(run, "c1", "claude-haiku-stream"), BodyHandlers.ofInputStream());
        response.body().read();
        // When
        response.body().close();
        FakeProvider.permit();
        // Then: it is settled one way or the other, and never for less than the provider had said by then
        await().until(() -> books.open("chief") == 0);
        assertThat(books.spent("chief")).isGreaterThanOrEqualTo(new BigDecimal("0.00035"));
    }

    @Test
    void shouldSayThatAStreamStoppedComingAndChargeWhatWasSetAside() throws Exception {
        Fleet.Run run = Fleet.wake("chief");

        HttpResponse<String> answer =
                http().send(raw(run, "c1", "claude-haiku-stream-stalls"), BodyHandlers.ofString());

        List<String> lines =
                answer.body().lines().filter(line -> !line.isEmpty()).toList();
        assertThat(lines).hasSize(3).first().asString().contains("message_start");
        assertThat(lines.get(1)).isEqualTo("event: error");
        assertThat(lines.get(2)).startsWith("data: ").contains("\"type\":\"stalled\"");
        assertSettled(run, "failed:stalled");
    }

    @Test
    void shouldChargeWhatWasSetAsideWhenAStreamEndsBeforeItsFigures() throws Exception {
        for (String model : List.of("claude-haiku-stream-half", "claude-haiku-stream-breaks")) {
            books.freshDay();
            Fleet.Run run = Fleet.wake("chief");
            assertThat(http().send(raw(run, "c1", model), BodyHandlers.ofString())
                            .body())
                    .contains("message_start");
            assertSettled(run, Budget.CUT_OFF);
        }
    }

    /** As a call whose figures nobody knows, once. */
    private void assertSettled(Fleet.Run run, String status) {
        assertThat(books.open("chief")).as("before the end of the answer was").isZero();
        assertThat(books.spent("chief")).isGreaterThan(new BigDecimal("0.02"));
        await().until(() -> books.llmCalls(run.taskId()).size() == 1);
        assertThat(books.llmCalls(run.taskId()).getFirst().path("status").asText())
                .isEqualTo(status);
        assertThat(books.llmCalls(run.taskId()).getFirst().path("input_tokens").asLong())
                .isEqualTo(100);
    }

    @Test
    void shouldReachNoProviderWhenTheCallerMayNotAct() {
        Fleet.Run old = Fleet.wake("chief");
        Fleet.Run current = Fleet.wake("chief");
        assertThat(call(old, "c1", "claude-haiku-4-5", 100)
                        .post(MESSAGES)
                        .jsonPath()
                        .getString("code"))
                .isEqualTo("fenced");
        assertThat(call(current, "c2", "claude-haiku-4-5", 100)
                        .post("/v1/models/anthropic/v1/organizations")
                        .statusCode())
                .isEqualTo(404);
        assertThat(call(current, "c4", "qwen3", 100)
                        .post("/v1/models/ollama/api/chat")
                        .jsonPath()
                        .getString("code"))
                .isEqualTo("not_configured");
        String noLimit = Json.write(Map.of("model", "claude-haiku-4-5"));
        assertThat(headers(current, "c5")
                        .body(noLimit)
                        .post(MESSAGES)
                        .jsonPath()
                        .getString("code"))
                .isEqualTo("bad_request");
        Fleet.as("user:owner").body("{}").post(MESSAGES).then().statusCode(403);
        assertThat(FakeProvider.requests()).isEmpty();
    }

    @Test
    void shouldJournalOneTurnWhenARehearsalIsRepeated() {
        Fleet.Run run = Fleet.wake("chief");
        Map<String, Object> turn = Map.of(
                "call_id",
                run.sessionId() + ":0:m",
                "session_id",
                run.sessionId(),
                "task_id",
                run.taskId(),
                "run_id",
                run.runId(),
                "fence",
                run.fence(),
                "turn",
                0);
        for (int i = 0; i < 3; i++) {
            Fleet.as("agent:chief")
                    .body(turn)
                    .post("/v1/models/rehearsal/calls")
                    .then()
                    .statusCode(200);
        }
        await().until(() -> books.llmCalls(run.taskId()).size() == 1);
        assertThat(books.llmCalls(run.taskId()).getFirst().path("model").asText())
                .isEqualTo("rehearsal");
        assertThat(books.llmCalls(run.taskId()).getFirst().path("cost_usd").decimalValue())
                .isEqualByComparingTo("0");
        Fleet.wake("chief");
        Fleet.as("agent:chief")
                .body(turn)
                .post("/v1/models/rehearsal/calls")
                .then()
                .statusCode(409);
    }
}
