package org.capitania.registry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.registry.models.ModelCalls.MESSAGES;
import static org.capitania.registry.models.ModelCalls.SCOPE;
import static org.capitania.registry.models.ModelCalls.call;
import static org.capitania.registry.models.ModelCalls.standing;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.contract.Json;
import org.capitania.contract.api.BudgetView;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What all agents of the company may spend in a month. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class CeilingIT {
    @Inject
    Sql sql;

    @BeforeEach
    void freshMonth() {
        new ModelCalls(sql).freshDay();
        sql.run(SCOPE, tx -> tx.execute("UPDATE model_reservations SET day = day - 60 WHERE day > current_date - 60"));
    }

    @AfterEach
    void asBefore() {
        set("user:owner", "200");
        freshMonth();
    }

    @Test
    void shouldLetTheOwnerAloneSetTheCeilingAndKeepWhoDid() {
        assertThat(set("user:ana", "500").statusCode()).isEqualTo(403);
        assertThat(set("agent:chief", "500").statusCode()).isEqualTo(403);
        assertThat(set("user:owner", "-1").statusCode()).isEqualTo(422);
        assertThat(set("user:owner", "120.505").statusCode()).isEqualTo(422);
        try (EventTail events = EventTail.fromNow("hq.ledger.actions")) {
            assertThat(set("user:owner", "120.50").statusCode()).isEqualTo(200);
            events.await(
                    "ledger.action",
                    e -> e.data().at("/tool").asText().equals("hq_budget")
                            && e.data().at("/input/monthly_usd").decimalValue().compareTo(new BigDecimal("120.5"))
                                    == 0);
        }
        BudgetView view = view();
        assertThat(view.month().capUsd()).isEqualByComparingTo("120.50");
        assertThat(view.setBy()).isEqualTo("user:owner");
        assertThat(view.agents()).extracting(agent -> agent.role()).containsExactly("chief", "operator");
    }

    @Test
    void shouldNeverPassTheCeilingWhicheverAgentsAskAtOnce() throws Exception {
        // Given: 0.8 USD for all, where chief alone may spend 1 and operator 10
        set("user:owner", "0.8");
        long seed = 20261122;
        SplittableRandom random = new SplittableRandom(seed);
        List<Future<?>> calls = new ArrayList<>();
        try (EventTail events = EventTail.fromNow("hq.review");
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Fleet.Run operator = Fleet.wake("operator");
            Fleet.Run chief = Fleet.wake("chief");
            for (int i = 0; i < Soak.count(60, 1000); i++) {
                Fleet.Run run = random.nextBoolean() ? chief : operator;
                String id = "ceiling-" + i;
                int limit = random.nextInt(500, 20_000);
                calls.add(threads.submit(() -> {
                    Response response =
                            call(run, id, "claude-sonnet-4-5", limit).post(MESSAGES);
                    assertThat(response.statusCode())
                            .as("seed %d, %s", seed, id)
                            .isIn(200, 429);
                    assertThat(taken()).as("seed %d, after %s", seed, id).isLessThanOrEqualTo(new BigDecimal("0.8"));
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
            // Then: each costs 0.033
            assertThat(FakeProvider.requests()).hasSizeLessThan(calls.size());
            assertThat(taken())
                    .isEqualByComparingTo(new BigDecimal("0.033")
                            .multiply(BigDecimal.valueOf(FakeProvider.requests().size())));
            assertThat(events.await(ReviewRequested.TYPE, e -> e.key().startsWith("ceiling:"))
                            .as(ReviewRequested.class)
                            .title())
                    .contains("month's ceiling");
        }
    }

    @Test
    void shouldHoldEveryAgentUntilTheCeilingIsRaised() {
        Fleet.Run run = Fleet.wake("operator");
        set("user:owner", "0.07");
        for (String id : List.of("h0", "h1")) {
            assertThat(call(run, id, "claude-sonnet-4-5", 2_000).post(MESSAGES).statusCode())
                    .isEqualTo(200);
        }
        Response refused = call(run, "h2", "claude-sonnet-4-5", 2_000).post(MESSAGES);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("budget_exhausted");
        assertThat(refused.jsonPath().getString("hint")).contains("hq budget set");
        for (String role : List.of("chief", "operator")) {
            assertThat(standing(role).hold().reason()).startsWith("all agents together have spent");
            assertThat(standing(role).hold().until())
                    .isEqualTo(standing(role).month().ends());
        }
        // When
        set("user:owner", "1");
        // Then
        assertThat(standing("chief").hold()).isNull();
        assertThat(call(run, "h3", "claude-sonnet-4-5", 2_000).post(MESSAGES).statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldDemoteWhenTheMonthRunsTooFastAndTripAtNineTenths() {
        // Given: 100 a month; the days of a week before today cost 1 each
        set("user:owner", "100");
        spent("d", 7, "1");
        assertThat(standing("chief").demote()).isFalse();
        // When: they cost 21 each
        spent("e", 7, "20");
        // Then
        assertThat(standing("chief").demote()).isTrue();
        freshMonth();
        spend("t", 0, "89.99");
        assertThat(standing("chief").breaker()).isFalse();
        spend("u", 0, "0.01");
        assertThat(standing("chief").breaker()).isTrue();
        assertThat(standing("chief").demote()).isTrue();
        assertThat(standing("chief").hold()).as("what cannot wait goes on").isNull();
    }

    @Test
    void shouldTripWhenAProvidersOwnWindowIsAsGoodAsUsedUp() {
        Fleet.Run run = Fleet.wake("operator");
        call(run, "w0", "claude-haiku-4-5", 100).post(MESSAGES).then().statusCode(200);
        assertThat(standing("chief").breaker()).isFalse();
        // When
        call(run, "w1", "claude-haiku-window-93", 100).post(MESSAGES).then().statusCode(200);
        // Then: for every agent, until the window is over
        assertThat(standing("chief").breaker()).isTrue();
        assertThat(standing("operator").demote()).isTrue();
        assertThat(standing("operator").hold()).as("what cannot wait goes on").isNull();
        sql.run(SCOPE, tx -> tx.execute("UPDATE provider_windows SET ends_at = clock_timestamp()"));
        assertThat(standing("chief").breaker()).isFalse();
    }

    private void spent(String name, int days, String usd) {
        for (int day = 1; day <= days; day++) {
            spend(name + day, day, usd);
        }
    }

    private void spend(String name, int daysAgo, String usd) {
        sql.run(SCOPE, tx -> tx.execute("""
                INSERT INTO model_reservations (reservation_id, call_id, agent, provider, model, day, reserved_usd, spent_usd, status, settled_at)
                VALUES ($1, $1, 'tester', 'anthropic', 'claude', current_date - $2::int, $3, $3, 'settled', clock_timestamp())
                """, name + System.nanoTime(), daysAgo, new BigDecimal(usd)));
    }

    private BigDecimal taken() {
        WorkspaceBudgets.ROLES.forEach(ModelCalls::settled);
        return sql.tx(
                SCOPE,
                tx -> tx.one(
                                "SELECT coalesce(sum(coalesce(spent_usd, reserved_usd)), 0) AS s FROM model_reservations WHERE day > current_date - 60")
                        .orElseThrow()
                        .getBigDecimal("s"));
    }

    private static Response set(String who, String usd) {
        return Fleet.as(who)
                .body(Json.write(Map.of("monthly_usd", new BigDecimal(usd))))
                .post("/v1/budgets");
    }

    private static BudgetView view() {
        return Json.read(Fleet.as("user:owner").get("/v1/budgets").asString(), BudgetView.class);
    }
}
