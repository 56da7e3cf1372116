package org.capitania.registry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.capitania.registry.models.ModelCalls.MESSAGES;
import static org.capitania.registry.models.ModelCalls.SCOPE;
import static org.capitania.registry.models.ModelCalls.call;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider that asks one agent for patience has asked all of them. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class ProviderPaceIT {
    @Inject
    Sql sql;

    @Inject
    SignIns signIns;

    @Inject
    ModelsConfig config;

    @BeforeEach
    @AfterEach
    void freshDay() {
        new ModelCalls(sql).freshDay();
        // Another test may have had its key refused.
        signIns.worked(Provider.of("openai", config));
    }

    @Test
    void shouldKeepEveryAgentAwayAsLongAsTheProviderAskedOneOfThem() {
        Fleet.Run chief = Fleet.wake("chief");
        Fleet.Run operator = Fleet.wake("operator");
        // When
        assertThat(call(chief, "p1", "claude-haiku-status-429", 100)
                        .post(MESSAGES)
                        .statusCode())
                .isEqualTo(429);
        // Then
        Response refused = call(operator, "p2", "claude-haiku-4-5", 100).post(MESSAGES);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("rate_limited");
        assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 7);
        assertThat(FakeProvider.requests()).hasSize(1);
        assertThat(call(operator, "p3", "gpt-5-mini", 100)
                        .post("/v1/models/openai/v1/chat/completions")
                        .statusCode())
                .as("another provider's pace is its own")
                .isEqualTo(200);
        // When it is over and the provider asks again
        paceIsOver();
        assertThat(call(operator, "p4", "claude-haiku-status-429", 100)
                        .post(MESSAGES)
                        .contentType())
                .doesNotContain("problem");
        assertThat(strikes()).isEqualTo(2);
        // When it answers
        paceIsOver();
        assertThat(call(chief, "p5", "claude-haiku-4-5", 100).post(MESSAGES).statusCode())
                .isEqualTo(200);
        await().untilAsserted(() -> assertThat(strikes())
                .as("an answer is settled beside its caller")
                .isZero());
    }

    @Test
    void shouldWaitTwiceAsLongEachTimeAndNeverShorterThanAsked() {
        assertThat(ProviderPace.pause(1, null)).isEqualTo(Duration.ofSeconds(1));
        assertThat(ProviderPace.pause(3, null)).isEqualTo(Duration.ofSeconds(4));
        assertThat(ProviderPace.pause(40, null)).isEqualTo(Duration.ofSeconds(60));
        assertThat(ProviderPace.pause(2, Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(2));
        assertThat(ProviderPace.pause(2, Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
    }

    private void paceIsOver() {
        sql.run(SCOPE, tx -> tx.execute("UPDATE provider_pace SET not_before = clock_timestamp()"));
    }

    private int strikes() {
        return sql.tx(
                SCOPE,
                tx -> tx.one("SELECT coalesce(max(strikes), 0) AS n FROM provider_pace WHERE provider = 'anthropic'")
                        .orElseThrow()
                        .getInteger("n"));
    }
}
