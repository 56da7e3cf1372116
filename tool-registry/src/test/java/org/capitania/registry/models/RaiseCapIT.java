package org.capitania.registry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
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
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.BudgetView;
import org.capitania.contract.api.ReviewList.Option;
import org.capitania.contract.event.BudgetRaised;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.contract.event.ReviewWithdrawn;
import org.capitania.registry.AnsweredReview;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A day's cap that a person raises; in these tests chief may spend 1 USD a day. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class RaiseCapIT {
    @Inject
    Sql sql;

    @Inject
    SpentBudget spent;

    private FakePeers peers;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        freshMonth();
    }

    private void freshMonth() {
        new ModelCalls(sql).freshDay();
        sql.run(SCOPE, tx -> tx.execute("UPDATE model_reservations SET day = day - 60 WHERE day > current_date - 60"));
    }

    @AfterEach
    void asBefore() throws SQLException {
        peers.close();
        ceiling("200");
        try (Connection connection = TestPostgres.shared().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM ledger.budget_raises");
        }
        freshMonth();
    }

    @Test
    void shouldLetTheAgentGoOnWhenAPersonAnswersTheReviewOfItsCap() {
        Fleet.Run run = Fleet.wake("chief");
        try (EventTail events = EventTail.fromNow("hq.review", "hq.autonomy", "hq.ledger.actions")) {
            // Given
            spend("1");
            assertThat(ask(run, "a1").jsonPath().getString("code")).isEqualTo("budget_exhausted");
            ReviewRequested asked = events.await(ReviewRequested.TYPE).as(ReviewRequested.class);
            assertThat(asked.options()).extracting(Option::id).containsExactly("raise-2", "raise-4", "leave");
            assertThat(standing("chief").hold().code()).isEqualTo("budget_exhausted");
            assertThat(objection()).contains("all it may");
            // When: somebody only claims it, an agent answers it, it is over by itself, and a person leaves it
            new AnsweredReview(asked, "resolved", "raise-4", "user:owner").event();
            new AnsweredReview(asked, "resolved", "raise-4", "agent:chief").tell(peers);
            new AnsweredReview(asked, "withdrawn", "raise-4", "user:owner").tell(peers);
            new AnsweredReview(asked, "resolved", "leave", "user:owner").tell(peers);
            AnsweredReview raised = new AnsweredReview(asked, "resolved", "raise-2", "user:owner");
            raised.tell(peers);
            // Then: nothing but the last has changed anything
            await().until(() -> standing("chief").hold() == null);
            assertThat(standing("chief").day().capUsd()).isEqualByComparingTo("2");
            assertThat(objection()).isEmpty();
            assertThat(ask(run, "a2").statusCode()).isEqualTo(200);
            assertThat(events.await(
                                    "ledger.action",
                                    e -> e.data().at("/input/action").asText().equals("raise"))
                            .data()
                            .toString())
                    .contains("hq_budget", "user:owner", "\"agent\":\"chief\"");
            assertThat(events.await(BudgetRaised.TYPE).as(BudgetRaised.class).agent())
                    .isEqualTo("chief");
            assertThat(raises()).containsExactly("user:owner 2.00 review:" + raised.id());
            // And when that is used up as well, a person is asked anew
            spend("1");
            assertThat(ask(run, "a3").statusCode()).isEqualTo(429);
            ReviewRequested again = events.await(
                            ReviewRequested.TYPE,
                            e -> e.as(ReviewRequested.class)
                                    .options()
                                    .getFirst()
                                    .id()
                                    .equals("raise-4"))
                    .as(ReviewRequested.class);
            assertThat(again.subject()).isEqualTo(asked.subject());
            assertThat(standing("chief").hold().code()).isEqualTo("budget_exhausted");
        }
    }

    @Test
    void shouldLetTheOwnerAloneRaiseADayUnaskedAndTakeBackTheQuestion() {
        Fleet.Run run = Fleet.wake("chief");
        spend("1");
        try (EventTail events = EventTail.fromNow("hq.review")) {
            ask(run, "b1").then().statusCode(429);
            for (String who : List.of("agent:chief", "agent:operator", "user:ana", "system:supervisor")) {
                assertThat(raise(who, "chief", "2").statusCode()).as(who).isEqualTo(403);
            }
            assertThat(standing("chief").hold().code()).isEqualTo("budget_exhausted");
            // When
            Response raised = raise("user:owner", "chief", "2.50");
            // Then
            assertThat(raised.statusCode()).isEqualTo(200);
            assertThat(Json.read(raised.asString(), BudgetView.class).agents())
                    .anySatisfy(agent -> assertThat(agent.day().capUsd()).isEqualByComparingTo("2.5"));
            assertThat(standing("chief").hold()).isNull();
            assertThat(ask(run, "b2").statusCode()).isEqualTo(200);
            assertThat(events.await(ReviewWithdrawn.TYPE)
                            .as(ReviewWithdrawn.class)
                            .why())
                    .isEqualTo("user:owner has raised it to 2.5 USD");
        }
    }

    @Test
    void shouldOfferAndTakeNoMoreThanTheMonthHasLeft() {
        // Given: 3 USD for the month, 1 of it spent
        ceiling("3");
        Fleet.Run run = Fleet.wake("chief");
        spend("1");
        try (EventTail events = EventTail.fromNow("hq.review")) {
            ask(run, "c1").then().statusCode(429);
            assertThat(events.await(ReviewRequested.TYPE)
                            .as(ReviewRequested.class)
                            .options())
                    .extracting(Option::id)
                    .containsExactly("raise-2", "leave");
        }
        assertThat(raise("user:owner", "chief", "3.01").jsonPath().getString("hint"))
                .contains("hq budget set");
        for (String usd : List.of("1", "0", "-4", "2.505")) {
            assertThat(raise("user:owner", "chief", usd).statusCode()).as(usd).isEqualTo(422);
        }
        assertThat(raise("user:owner", "nobody", "2").statusCode()).isEqualTo(404);
        assertThat(raises()).isEmpty();
        assertThat(raise("user:owner", "chief", "3").statusCode()).isEqualTo(200);
        // And the month stands above whatever was said
        ceiling("1");
        assertThat(ask(run, "c2").jsonPath().getString("detail")).startsWith("all agents together have spent");
    }

    private static Response ask(Fleet.Run run, String id) {
        return call(run, id, "claude-opus-4-5", 2_000).post(MESSAGES);
    }

    private static Response raise(String who, String role, String usd) {
        return Fleet.as(who)
                .body(Json.write(Map.of("daily_usd", new BigDecimal(usd))))
                .post("/v1/budgets/" + role);
    }

    private static void ceiling(String usd) {
        Fleet.as("user:owner")
                .body(Json.write(Map.of("monthly_usd", new BigDecimal(usd))))
                .post("/v1/budgets")
                .then()
                .statusCode(200);
    }

    private void spend(String usd) {
        sql.run(SCOPE, tx -> tx.execute("""
                INSERT INTO model_reservations (reservation_id, call_id, agent, provider, model, day, reserved_usd, spent_usd, status, settled_at)
                VALUES ($1, $1, 'chief', 'anthropic', 'claude', current_date, $2, $2, 'settled', clock_timestamp())
                """, UUID.randomUUID().toString(), new BigDecimal(usd)));
    }

    private String objection() {
        return sql.tx(SCOPE, tx -> spent.objection(tx, "chief")).orElse("");
    }

    private List<String> raises() {
        List<String> lines = new ArrayList<>();
        sql.run(
                SCOPE,
                tx -> tx.query("SELECT raised_by || ' ' || daily_usd || ' ' || raise_id AS line FROM budget_raises")
                        .forEach(row -> lines.add(row.getString("line"))));
        return lines;
    }
}
