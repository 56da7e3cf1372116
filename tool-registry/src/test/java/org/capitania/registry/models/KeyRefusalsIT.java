package org.capitania.registry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.registry.models.ModelCalls.SCOPE;
import static org.capitania.registry.models.ModelCalls.call;
import static org.capitania.registry.models.ModelCalls.standing;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.contract.event.ReviewWithdrawn;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.Events;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider that takes no call of ours: who waits for it, who is told, and how it goes on. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class KeyRefusalsIT {
    private static final String CHAT = "/v1/models/openai/v1/chat/completions";

    @Inject
    Sql sql;

    @Inject
    SignIns signIns;

    @Inject
    ModelsConfig config;

    @BeforeEach
    @AfterEach
    void nothingRefused() {
        new ModelCalls(sql).freshDay();
        pauseIsOver();
        sql.run(SCOPE, tx -> {
            tx.execute("DELETE FROM provider_refusals");
            tx.execute("UPDATE model_reservations SET opened_at = opened_at - interval '2 hours'");
        });
    }

    @Test
    void shouldHoldEveryAgentOfTheProviderAskOnceAndGoOnByItselfWhenTheKeyWorks() {
        Fleet.Run operator = Fleet.wake("operator");
        Fleet.Run chief = Fleet.wake("chief");
        assertThat(standing("operator").hold()).isNull();
        try (EventTail events = EventTail.fromNow("hq.review")) {
            // When
            assertThat(call(operator, "k1", "status-401", 100).post(CHAT).statusCode())
                    .isEqualTo(401);
            assertThat(call(operator, "k2", "gpt-5", 100).post(CHAT).statusCode())
                    .isEqualTo(502);
            assertThat(call(chief, "k3", "gpt-5", 100).post(CHAT).statusCode()).isEqualTo(502);
            // Then
            assertThat(standing("operator").hold().code()).isEqualTo("provider_rejected");
            assertThat(standing("chief").hold().reason()).startsWith("openai refuses our key");
            ReviewRequested asked = events.await(ReviewRequested.TYPE).as(ReviewRequested.class);
            assertThat(asked.kind()).isEqualTo("provider");
            // And it is tried with what costs nothing, once a pause
            FakeProvider.reset();
            FakeProvider.refuseKeys();
            pauseIsOver();
            for (int i = 0; i < 3; i++) {
                assertThat(standing("operator").hold()).isNotNull();
            }
            assertThat(FakeProvider.requests()).hasSize(1).first().asString().startsWith("/v1/models key=null");
            // When the key works
            FakeProvider.reset();
            pauseIsOver();
            assertThat(standing("chief").hold()).isNull();
            // Then
            assertThat(standing("operator").hold()).isNull();
            assertThat(events.await(ReviewWithdrawn.TYPE)
                            .as(ReviewWithdrawn.class)
                            .subject())
                    .isEqualTo(asked.subject());
            Events.publish("review.after", "x", Map.of());
            events.await("review.after");
            assertThat(events.ofType(ReviewRequested.TYPE)).hasSize(1);
            assertThat(events.ofType(ReviewWithdrawn.TYPE)).hasSize(1);
        }
    }

    @Test
    void shouldHoldNobodyWhoHasAnotherProvider() {
        Fleet.Run run = Fleet.wake("operator");
        assertThat(call(run, "k1", "status-401", 100).post(CHAT).statusCode()).isEqualTo(401);
        assertThat(call(run, "k2", "claude-haiku-4-5", 100)
                        .post(ModelCalls.MESSAGES)
                        .statusCode())
                .isEqualTo(200);
        assertThat(standing("operator").hold()).isNull();
    }

    @Test
    void shouldHoldWhoeverUsesAProviderThatNobodyHasSetUp() {
        Fleet.Run run = Fleet.wake("operator");
        assertThat(call(run, "k1", "qwen3", 100)
                        .post("/v1/models/ollama/api/chat")
                        .statusCode())
                .isEqualTo(422);
        assertThat(standing("operator").hold().code()).isEqualTo("not_configured");
        assertThat(standing("chief").hold()).isNull();
    }

    @Test
    void shouldTellAnAgentOnlyWhereItStandsItself() {
        Fleet.as("agent:chief").get("/v1/budgets/chief").then().statusCode(200);
        Fleet.as("agent:chief").get("/v1/budgets/operator").then().statusCode(403);
        Fleet.as("agent:chief").get("/v1/budgets").then().statusCode(403);
    }

    /** As after {@code hq.models.sign-in-pause}. */
    private void pauseIsOver() {
        signIns.worked(Provider.of("openai", config));
    }
}
