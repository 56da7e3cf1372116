package org.capitania.registry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.capitania.registry.models.ModelCalls.MESSAGES;
import static org.capitania.registry.models.ModelCalls.SCOPE;
import static org.capitania.registry.models.ModelCalls.call;
import static org.capitania.registry.models.ModelCalls.headers;
import static org.capitania.registry.models.ModelCalls.standing;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.contract.Json;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.contract.event.BudgetWarning;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.contract.event.ReviewWithdrawn;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.Events;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What agents may spend, and that nothing passes it. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class BudgetIT {
    @Inject
    Sql sql;

    @Inject
    Budget budget;

    @Inject
    CostOfDay costs;

    private ModelCalls books;

    @BeforeEach
    void freshDay() {
        books = new ModelCalls(sql);
        books.freshDay();
    }

    @Test
    void shouldSayOnceADayThatAnAgentIsAtItsSoftCap() {
        // Given: operator may spend 4 USD before anybody is told, and each of these may cost more
        Fleet.Run run = Fleet.wake("operator");
        try (EventTail events = EventTail.fromNow("hq.agent")) {
            // When
            for (int i = 0; i < 3; i++) {
                assertThat(call(run, "soft" + i, "claude-opus-4-5", 170_000)
                                .post(MESSAGES)
                                .statusCode())
                        .isEqualTo(200);
            }
            // Then
            Event warning = events.await(BudgetWarning.TYPE, e -> e.key().equals("operator"));
            assertThat(warning.as(BudgetWarning.class).softUsd()).isEqualByComparingTo("4.00");
            assertThat(warning.as(BudgetWarning.class).takenUsd()).isGreaterThan(new BigDecimal("4.00"));
            Events.publish(BudgetWarning.TYPE + ".after", "operator", Map.of());
            events.await(BudgetWarning.TYPE + ".after");
            assertThat(events.ofType(BudgetWarning.TYPE)).hasSize(1);
        }
    }

    @Test
    void shouldTellWhatAnAgentHasCostWithinADay() {
        costs.refresh();
        double before = cost();
        Fleet.Run run = Fleet.wake("operator");
        assertThat(call(run, "cost", "claude-opus-4-5", 1000).post(MESSAGES).statusCode())
                .isEqualTo(200);
        costs.refresh();
        assertThat(cost()).isGreaterThan(before);
    }

    private static double cost() {
        return RestAssured.get("/q/metrics")
                .asString()
                .lines()
                .filter(l -> l.startsWith("agent_run_cost_usd_24h{")
                        && l.contains("agent=\"operator\"")
                        && l.contains("tenant=\"main\""))
                .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void shouldLetNoSecondCallThroughWhenTheFirstMayUseUpTheCap() throws Exception {
        // Given: a cap of 1 USD, and calls that may cost 0.75 each; the provider holds the first answer back
        Fleet.Run run = Fleet.wake("chief");
        try (ExecutorService threads = Executors.newFixedThreadPool(12)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String id = "c" + i;
                answers.add(threads.submit(() -> call(run, id, "claude-opus-4-5-held", 30_000)
                        .post(MESSAGES)
                        .statusCode()));
            }
            // When
            await().until(() -> answers.stream().filter(Future::isDone).count() == 11);
            assertThat(books.taken("chief")).isBetween(new BigDecimal("0.75"), BigDecimal.ONE);
            FakeProvider.permit();
            // Then
            List<Integer> codes = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                codes.add(answer.get());
            }
            assertThat(codes)
                    .containsOnlyOnce(200)
                    .filteredOn(code -> code == 429)
                    .hasSize(11);
            assertThat(FakeProvider.requests()).hasSize(1);
        }
        Response refused = call(run, "last", "claude-opus-4-5", 60_000).post(MESSAGES);
        assertThat(refused.contentType()).startsWith("application/problem+json");
        assertThat(refused.jsonPath().getString("code")).isEqualTo("budget_exhausted");
        await().until(() -> books.llmCalls(run.taskId()).size() == 13);
        assertThat(books.llmCalls(run.taskId()))
                .filteredOn(c -> c.path("status").asText().equals("refused:budget_exhausted"))
                .hasSize(12);
    }

    @Test
    void shouldNeverPassTheCapWhateverIsAskedAtOnce() throws Exception {
        long seed = 20261121;
        SplittableRandom random = new SplittableRandom(seed);
        Fleet.Run run = Fleet.wake("chief");
        Set<String> refused = ConcurrentHashMap.newKeySet();
        List<Future<?>> calls = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < Soak.count(60, 3000); i++) {
                String id = "mark-" + i + "-";
                int limit = random.nextInt(2_000, 36_000);
                calls.add(threads.submit(() -> {
                    Response response = call(run, id, "claude-opus-4-5", limit).post(MESSAGES);
                    assertThat(response.statusCode()).isIn(200, 429);
                    if (response.statusCode() == 429) {
                        refused.add(id);
                    }
                    assertThat(books.taken("chief"))
                            .as("seed %d, after %s", seed, id)
                            .isLessThanOrEqualTo(BigDecimal.ONE);
                }));
            }
        }
        for (Future<?> call : calls) {
            call.get();
        }
        // Each costs 0.055: the money is for 18 of them.
        assertThat(refused).isNotEmpty();
        assertThat(FakeProvider.requests())
                .hasSize(calls.size() - refused.size())
                .noneMatch(r -> refused.stream().anyMatch(r::contains));
        assertThat(books.open("chief")).isZero();
        assertThat(books.spent("chief"))
                .isEqualByComparingTo(new BigDecimal("0.055")
                        .multiply(BigDecimal.valueOf(FakeProvider.requests().size())));
    }

    @Test
    void shouldHoldTheAgentAndAskOnceWhenItsMoneyOfTheDayIsAsGoodAsSpent() throws Exception {
        Fleet.Run run = Fleet.wake("chief");
        try (EventTail events = EventTail.fromNow("hq.review");
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            // Given: one call is too dear for what there is, others are not
            Response dear = call(run, "h1", "claude-opus-4-5", 60_000).post(MESSAGES);
            assertThat(dear.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(dear.header("retry-after"))).isBetween(1, 25 * 3600);
            assertThat(standing("chief").hold()).isNull();
            // When: 0.95 of 1 USD are set aside
            Future<Integer> open = threads.submit(() -> call(run, "h2", "claude-opus-4-5-held", 38_000)
                    .post(MESSAGES)
                    .statusCode());
            await().until(() -> books.open("chief") == 1);
            Response refused = call(run, "h3", "claude-opus-4-5", 30_000).post(MESSAGES);
            // Then
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.header("retry-after"))
                    .as("the cap may be raised")
                    .isNull();
            BudgetStanding.Hold hold = standing("chief").hold();
            assertThat(hold.code()).isEqualTo("budget_exhausted");
            assertThat(hold.reason()).contains("of 1 USD today");
            assertThat(hold.until()).isAfter(Instant.now());
            FakeProvider.permit();
            assertThat(open.get()).isEqualTo(200);
            assertThat(standing("chief").hold()).isNull();
            // And a person was asked once
            ReviewRequested asked = events.await(ReviewRequested.TYPE).as(ReviewRequested.class);
            assertThat(asked.subject()).startsWith("budget:chief:");
            Events.publish("review.after", "x", Map.of());
            events.await("review.after");
            assertThat(events.ofType(ReviewRequested.TYPE)).hasSize(1);
        }
    }

    @Test
    void shouldTakeBackWhatWasAskedOnADayThatIsOver() {
        sql.run(
                SCOPE,
                tx -> tx.execute(
                        "INSERT INTO requested_reviews (subject, amount_usd) VALUES ('budget:chief:2020-01-01', 1) ON CONFLICT (tenant_id, subject) DO UPDATE SET over_at = NULL"));
        try (EventTail events = EventTail.fromNow("hq.review")) {
            assertThat(standing("chief").hold()).isNull();
            assertThat(events.await(ReviewWithdrawn.TYPE).key()).isEqualTo("budget:chief:2020-01-01");
        }
    }

    @Test
    void shouldHoldTheCapOfTheWorkspaceWhenNothingElseIsConfigured() {
        // Given: operator's workspace says 10 USD, the default of this test is 2
        Fleet.Run run = Fleet.wake("operator");
        // When
        int within = call(run, "c1", "claude-opus-4-5", 240_000).post(MESSAGES).statusCode();
        Response beyond = call(run, "c2", "claude-opus-4-5", 400_000).post(MESSAGES);
        // Then
        assertThat(within).isEqualTo(200);
        assertThat(beyond.jsonPath().getString("code")).isEqualTo("budget_exhausted");
        assertThat(beyond.jsonPath().getString("detail")).contains("of 10.00 USD");
    }

    @Test
    void shouldTakeTheLargestLimitWhenARequestNamesSeveral() {
        Fleet.Run run = Fleet.wake("chief");
        for (Map<String, Object> limits : List.<Map<String, Object>>of(
                Map.of("max_tokens", 1, "max_output_tokens", 400_000),
                Map.of("max_tokens", 4_000, "n", 1_000),
                Map.of("max_tokens", Long.MAX_VALUE, "n", 2),
                Map.of("max_tokens", new BigInteger("99999999999999999999999")))) {
            Map<String, Object> body = new HashMap<>(limits);
            body.put("model", "claude-opus-4-5");
            Response response = headers(run, "c1").body(Json.write(body)).post(MESSAGES);
            assertThat(response.jsonPath().getString("code")).as("%s", limits).isEqualTo("budget_exhausted");
        }
        assertThat(FakeProvider.requests()).isEmpty();
    }

    @Test
    void shouldCountAsSpentWhatNeverCameBack() {
        // Given
        Fleet.Run run = Fleet.wake("chief");
        ModelCall lost = new ModelCall(
                "lost-" + run.taskId(),
                "c1",
                SCOPE,
                "chief",
                run.sessionId(),
                run.taskId(),
                run.runId(),
                run.fence(),
                "anthropic",
                "claude-haiku-4-5",
                false,
                1_000,
                100,
                java.time.Instant.parse("2026-11-20T10:00:00Z"),
                null);
        budget.reserve(lost, new BigDecimal("0.4"));
        sql.run(
                SCOPE,
                tx -> tx.execute(
                        "UPDATE model_reservations SET opened_at = opened_at - interval '1 hour' WHERE reservation_id = $1",
                        lost.id()));
        // When
        sql.tx(SCOPE, tx -> budget.giveUp(tx, Duration.ofMinutes(30)));
        // Then
        assertThat(books.spent("chief")).isEqualByComparingTo("0.4");
        await().until(() -> books.llmCalls(run.taskId()).size() == 1);
        assertThat(books.llmCalls(run.taskId()).getFirst().path("status").asText())
                .isEqualTo("lost");
    }
}
