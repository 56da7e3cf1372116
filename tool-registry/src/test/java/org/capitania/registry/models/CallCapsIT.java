package org.capitania.registry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.registry.models.ModelCalls.MESSAGES;
import static org.capitania.registry.models.ModelCalls.SCOPE;
import static org.capitania.registry.models.ModelCalls.call;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Turns and tokens of a run and the large model's turns of a day: operator may have 50, 250,000 and 18, whatever its process counts. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class CallCapsIT {
    @Inject
    Sql sql;

    private Fleet.Run run;

    @BeforeEach
    void freshDay() {
        new ModelCalls(sql).freshDay();
        run = Fleet.wake("operator");
    }

    @Test
    void shouldRefuseTheTurnAfterTheLastWhateverSessionIsNamed() {
        for (int turn = 0; turn < 51; turn++) {
            rehearse(run.sessionId(), turn).then().statusCode(200);
        }
        Response refused = rehearse("another-session", 51);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("max_turns");
        assertThat(refused.jsonPath().getString("detail")).contains("50 turns");
        // And the next run goes on.
        Fleet.Run next = Fleet.wake("operator");
        assertThat(call(next, "t1", "claude-haiku-4-5", 100).post(MESSAGES).statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldCountATokenOnceAndStopTheRunThatHasUsedItsOwn() {
        // Given: 110,000 at first, then 10,000 more each time, although 345,000 were sent
        for (int i = 0; i < 3; i++) {
            assertThat(call(run, "n" + i, "claude-haiku-4-5", 100)
                            .post(MESSAGES)
                            .statusCode())
                    .isEqualTo(200);
            used("n" + i, 100_000 + 15_000 * i, 10_000);
        }
        assertThat(call(run, "n3", "claude-haiku-4-5", 100).post(MESSAGES).statusCode())
                .isEqualTo(200);
        // When
        used("n3", 250_000, 1);
        Response refused = call(run, "n4", "claude-haiku-4-5", 100).post(MESSAGES);
        // Then
        assertThat(refused.jsonPath().getString("code")).isEqualTo("run_exhausted");
        assertThat(refused.jsonPath().getString("detail")).contains("250000 tokens");
        assertThat(FakeProvider.requests()).hasSize(4);
    }

    @Test
    void shouldNotMakeACallThatCouldPassWhatTheRunMayUse() {
        assertThat(call(run, "m0", "claude-haiku-4-5", 100).post(MESSAGES).statusCode())
                .isEqualTo(200);
        used("m0", 240_000, 8_000);
        // When: 2,000 are left
        Response refused = call(run, "m1", "claude-haiku-4-5", 2_100).post(MESSAGES);
        // Then
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("run_exhausted");
        assertThat(refused.jsonPath().getString("detail")).contains("248000 of its 250000 tokens", "may take");
        assertThat(FakeProvider.requests()).hasSize(1);
        assertThat(call(run, "m2", "claude-haiku-4-5", 500).post(MESSAGES).statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldCountWhatIsUnderWayWithTheMostItCanTake() {
        assertThat(call(run, "u0", "claude-haiku-4-5", 100).post(MESSAGES).statusCode())
                .isEqualTo(200);
        used("u0", 240_000, 5_000);
        sql.run(SCOPE, tx -> tx.execute("""
                INSERT INTO model_reservations (reservation_id, call_id, agent, session_id, provider, model, day, reserved_usd, most_tokens)
                VALUES ($1, $1, 'operator', $2, 'anthropic', 'claude', '2020-01-01', 0.1, 4000)
                """, "under-way-" + run.runId(), run.sessionId()));
        assertThat(call(run, "u1", "claude-haiku-4-5", 2_000)
                        .post(MESSAGES)
                        .jsonPath()
                        .getString("code"))
                .isEqualTo("run_exhausted");
        // And it is free again once the other was answered with less
        sql.run(
                SCOPE,
                tx -> tx.execute(
                        "UPDATE model_reservations SET status = 'settled', spent_usd = 0, settled_at = clock_timestamp() WHERE reservation_id = $1",
                        "under-way-" + run.runId()));
        assertThat(call(run, "u2", "claude-haiku-4-5", 2_000).post(MESSAGES).statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldCountWhatSubagentsUseAsTheirAgents() {
        String child = "sub-" + run.runId();
        assertThat(call(run, "n0", "claude-haiku-4-5", 100).post(MESSAGES).statusCode())
                .isEqualTo(200);
        used("n0", 240_000, 10_000);
        sql.run(SCOPE, tx -> {
            tx.execute(
                    "INSERT INTO sessions (session_id, task_id, role, run_id, header, parent_session_id, parent_call_id, subagent, tools)"
                            + " VALUES ($1, $2, 'operator', $3, '', $4, $5, 'explore', '{}')",
                    child,
                    run.taskId(),
                    run.runId(),
                    run.sessionId(),
                    run.nextCall());
            tx.execute("UPDATE model_reservations SET session_id = $1 WHERE session_id = $2", child, run.sessionId());
        });
        // Then: neither of them has anything left
        Response refused = call(run, "n1", "claude-haiku-4-5", 100).post(MESSAGES);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("run_exhausted");
        assertThat(FakeProvider.requests()).hasSize(1);
    }

    @Test
    void shouldCountTheLargeModelsAnswersOfADayAndLetSmallerOnesGoOn() {
        // Given: what the provider refuses is no turn
        for (int i = 0; i < 3; i++) {
            call(run, "r" + i, "claude-opus-4-5-status-529", 100)
                    .post(MESSAGES)
                    .then()
                    .statusCode(529);
        }
        for (int i = 0; i < 18; i++) {
            assertThat(call(run, "l" + i, "claude-opus-4-5", 100).post(MESSAGES).statusCode())
                    .isEqualTo(200);
        }
        // When
        Response refused = call(run, "l18", "claude-opus-4-5", 100).post(MESSAGES);
        // Then
        assertThat(refused.jsonPath().getString("code")).isEqualTo("budget_exhausted");
        assertThat(refused.jsonPath().getString("detail")).contains("18 turns of the day");
        assertThat(Integer.parseInt(refused.header("retry-after"))).isPositive();
        assertThat(call(run, "s1", "claude-sonnet-4-5", 100).post(MESSAGES).statusCode())
                .isEqualTo(200);
        assertThat(ModelCalls.standing("operator").hold()).isNull();
    }

    @Test
    void shouldHaveAPersonToldOnceADayBeforeTheLargeModelsTurnsAreUsedUp() {
        try (EventTail events = EventTail.fromNow("hq.review")) {
            // Given: operator's alarm is at 14, and a smaller model's turns are none of them
            call(run, "s0", "claude-sonnet-4-5", 100).post(MESSAGES).then().statusCode(200);
            for (int turn = 1; turn <= 13; turn++) {
                large(turn);
            }
            Events.publish(ReviewRequested.TYPE + ".after", "13", Map.of());
            events.await(ReviewRequested.TYPE + ".after");
            assertThat(told(events)).isZero();
            // When
            for (int turn = 14; turn <= 16; turn++) {
                large(turn);
            }
            // Then: it is said once, and nothing is held
            ReviewRequested told = events.await(
                            ReviewRequested.TYPE, e -> e.key().startsWith("large:operator:"))
                    .as(ReviewRequested.class);
            assertThat(told.detail()).contains("14 of its 18 turns", "It goes on");
            assertThat(ModelCalls.standing("operator").hold()).isNull();
            Events.publish(ReviewRequested.TYPE + ".later", "16", Map.of());
            events.await(ReviewRequested.TYPE + ".later");
            assertThat(told(events)).isEqualTo(1);
            // And: it is taken back when its day is over
            sql.run(
                    SCOPE,
                    tx -> tx.execute(
                            "UPDATE requested_reviews SET subject = 'large:operator:2020-01-01' WHERE subject = $1",
                            told.subject()));
            ModelCalls.standing("operator");
            events.await(ReviewWithdrawn.TYPE, e -> e.key().equals("large:operator:2020-01-01"));
        }
    }

    private static long told(EventTail events) {
        return events.ofType(ReviewRequested.TYPE).stream()
                .filter(e -> e.key().startsWith("large:"))
                .count();
    }

    private void large(int turn) {
        call(run, "large-" + turn, "claude-opus-4-5", 100).post(MESSAGES).then().statusCode(200);
    }

    private void used(String callId, long prompt, long output) {
        ModelCalls.settled("operator");
        sql.run(
                SCOPE,
                tx -> tx.execute(
                        "UPDATE model_reservations SET prompt_tokens = $3, output_tokens = $4 WHERE session_id = $1 AND call_id = $2",
                        run.sessionId(),
                        callId,
                        prompt,
                        output));
    }

    private Response rehearse(String session, int turn) {
        return Fleet.as("agent:operator")
                .body(Map.of(
                        "call_id",
                        session + ":" + turn + ":m",
                        "session_id",
                        session,
                        "task_id",
                        run.taskId(),
                        "run_id",
                        run.runId(),
                        "fence",
                        run.fence(),
                        "turn",
                        turn))
                .post("/v1/models/rehearsal/calls");
    }
}
