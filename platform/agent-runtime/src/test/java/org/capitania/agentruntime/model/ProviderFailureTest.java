package org.capitania.agentruntime.model;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.time.Duration;
import java.util.List;
import org.capitania.agentruntime.model.ModelFailure.Kind;
import org.capitania.contract.ErrorCode;
import org.junit.jupiter.api.Test;

/** Every way in which a provider can fail: what is tried again, how often, and what is not. */
class ProviderFailureTest extends ProviderStub {

    @Test
    void shouldWaitAsLongAsAskedWhenRateLimited() {
        for (String path : List.of(ANTHROPIC, OPENAI, OLLAMA)) {
            stub.resetAll();
            pauses.clear();
            failFirst(
                    path,
                    json(
                                    429,
                                    "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow down\"}}")
                            .withHeader("Retry-After", "7"));

            assertThat(model(path).reply(request()).calls()).hasSize(1);

            assertThat(pauses).as(path).containsExactly(Duration.ofSeconds(7));
            assertThat(stub.findAll(postRequestedFor(urlEqualTo(path))))
                    .extracting(r -> r.getHeader("X-HQ-Call"))
                    .as("each attempt is its own call in the ledger")
                    .containsExactly("s1:1:model", "s1:1:model-r1");
        }
    }

    @Test
    void shouldTryAgainWhenProviderIsOverloadedOrBroken() {
        for (ResponseDefinitionBuilder fault : List.of(
                json(529, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"),
                json(500, "{}"),
                json(503, "not json"),
                aResponse().withFault(Fault.EMPTY_RESPONSE),
                aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
                json(200, ANTHROPIC_TOOL_USE.substring(0, 120)),
                json(200, "{}").withFixedDelay(2_000))) {
            stub.resetAll();
            pauses.clear();
            failFirst(ANTHROPIC, fault);

            assertThat(providers().anthropic().reply(request()).calls()).hasSize(1);
            assertThat(pauses).hasSize(1);
        }
    }

    @Test
    void shouldGiveUpAfterBoundedAttemptsWhenProviderStaysAway() {
        answer(
                ANTHROPIC,
                json(529, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"));

        ModelFailure failure = failure(ANTHROPIC);

        assertThat(failure.kind()).isEqualTo(Kind.OVERLOADED);
        assertThat(failure).hasMessageContaining("Overloaded");
        assertThat(stub.findAll(postRequestedFor(urlEqualTo(ANTHROPIC)))).hasSize(4);
        assertThat(pauses).hasSize(3).isSortedAccordingTo(Duration::compareTo);
    }

    @Test
    void shouldStopAtOnceWhenProviderRefusesTheRequestOrTheSignIn() {
        for (String path : List.of(ANTHROPIC, OPENAI, OLLAMA)) {
            assertStops(path, 400, Kind.BAD_REQUEST);
            assertStops(path, 401, Kind.SIGN_IN);
            assertStops(path, 403, Kind.SIGN_IN);
            assertStops(path, 404, Kind.BAD_REQUEST);
        }
    }

    @Test
    void shouldGiveUpWhenProviderAsksForALongerPauseThanWeGrant() {
        answer(ANTHROPIC, json(429, "{}").withHeader("Retry-After", "3600"));

        assertThat(failure(ANTHROPIC).kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(pauses).isEmpty();
    }

    @Test
    void shouldStopAtOnceWhenGatewayItselfRefuses() {
        answer(
                ANTHROPIC,
                aResponse()
                        .withStatus(429)
                        .withHeader("Content-Type", "application/problem+json")
                        .withBody(
                                "{\"type\":\"x\",\"title\":\"x\",\"status\":429,\"code\":\"budget_exhausted\",\"detail\":\"the day's cap is reached\"}"));

        ModelFailure failure = failure(ANTHROPIC);

        // Null when the 429 was taken for the provider's own, which would be tried again.
        assertThat(failure.refusal()).isNotNull();
        assertThat(failure.refusal().code()).isEqualTo(ErrorCode.BUDGET_EXHAUSTED);
        assertThat(stub.findAll(postRequestedFor(urlEqualTo(ANTHROPIC)))).hasSize(1);
    }

    @Test
    void shouldComeBackWhenTheGatewaySaysThatTheProviderAskedForPatience() {
        failFirst(
                ANTHROPIC,
                aResponse()
                        .withStatus(429)
                        .withHeader("Content-Type", "application/problem+json")
                        .withHeader("Retry-After", "5")
                        .withBody(
                                "{\"type\":\"x\",\"title\":\"x\",\"status\":429,\"code\":\"rate_limited\",\"detail\":\"anthropic asked for patience\"}"));

        assertThat(providers().anthropic().reply(request()).calls()).hasSize(1);

        assertThat(pauses).containsExactly(Duration.ofSeconds(5));
    }

    private void assertStops(String path, int status, Kind kind) {
        stub.resetAll();
        answer(path, json(status, "{\"error\":{\"type\":\"x\",\"message\":\"no\"}}"));
        assertThat(failure(path).kind()).as(path + " " + status).isEqualTo(kind);
        assertThat(stub.findAll(postRequestedFor(urlEqualTo(path)))).hasSize(1);
        assertThat(pauses).isEmpty();
    }

    private ModelFailure failure(String path) {
        return catchThrowableOfType(ModelFailure.class, () -> model(path).reply(request()));
    }

    private Model model(String path) {
        return switch (path) {
            case ANTHROPIC -> providers().anthropic();
            case OPENAI -> providers().openai();
            default -> providers().ollama();
        };
    }

    private static void failFirst(String path, ResponseDefinitionBuilder fault) {
        String good = switch (path) {
            case ANTHROPIC -> ANTHROPIC_TOOL_USE;
            case OPENAI -> OPENAI_TOOL_CALL;
            default -> OLLAMA_TOOL_CALL;
        };
        stub.stubFor(post(urlEqualTo(path))
                .inScenario("once")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("better")
                .willReturn(fault));
        stub.stubFor(post(urlEqualTo(path))
                .inScenario("once")
                .whenScenarioStateIs("better")
                .willReturn(json(200, good)));
    }
}
