package org.capitania.graph.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.InteractionOverdue;
import org.capitania.contract.event.ObligationDue;
import org.capitania.contract.event.ObligationMaterialised;
import org.capitania.graph.DirectSql;
import org.capitania.servicekit.Scope;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class TimersIT {
    @Inject
    FireTimer fire;

    @Test
    void shouldTellOnceWhenOurTimeToAnswerHasRunOut() {
        try (EventTail tail = EventTail.fromNow("hq.interaction")) {
            // Given: it ran out while nobody was there to see it
            Instant asked = Instant.now().minus(5, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
            MutationResult made = turn("ours", "\"last_turn_at\": \"" + asked + "\", \"turnaround_sla_hours\": 4");
            // Then
            Event event = tail.await(
                    InteractionOverdue.TYPE, e -> e.key().equals(made.byRef("c").id()));
            InteractionOverdue overdue = event.as(InteractionOverdue.class);
            assertThat(overdue.overdueAt()).isEqualTo(asked.plus(4, ChronoUnit.HOURS));
            assertThat(overdue.conversationSlug()).isEqualTo(made.byRef("c").slug());
            assertThat(event.actor()).isEqualTo("system:graph-service");
            // And what happens to the node otherwise does not make it tell again.
            OWNER.mutate(
                    "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"blocked_reason\": \"x\"}}]}",
                    made.byRef("t").id());
            sentinel(tail);
            assertThat(tail.ofType(InteractionOverdue.TYPE).stream()
                            .filter(e -> e.key().equals(made.byRef("c").id())))
                    .hasSize(1);
        }
    }

    @Test
    void shouldNotTellWhenItIsNoLongerOurTurn() {
        try (EventTail tail = EventTail.fromNow("hq.interaction")) {
            MutationResult made =
                    turn("ours", "\"last_turn_at\": \"" + Instant.now() + "\", \"turnaround_sla_hours\": 1");
            assertThat(timers(made.byRef("t").id())).isEqualTo(1);
            OWNER.mutate(
                    "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"theirs\"}]}",
                    made.byRef("t").id());
            assertThat(timers(made.byRef("t").id())).isZero();
            assertThat(OWNER.node(made.byRef("t").id()).node().text("overdue_at"))
                    .isNull();
        }
    }

    @Test
    void shouldInheritTheStrictestSlaWhenTheTurnStateHasNone() {
        // Given: 24 hours by default, 8 by the engagement the conversation is about
        String asked = "2030-01-07T09:00:00Z";
        MutationResult deal = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "g", "type": "engagement", "props": {"name": "Care", "turnaround_sla_hours": 8}},
                         {"op": "create", "ref": "c", "type": "conversation", "props": {"subject": "S"}},
                         {"op": "link", "type": "about", "from": "@c", "to": "@g"}]}""");
        // When
        MutationResult inherits = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "t", "type": "turn_state", "status": "ours", "props": {"last_turn_at": "%s"}},
                         {"op": "link", "type": "has_turn_state", "from": "%s", "to": "@t"}]}""", asked, deal.byRef("c").id());
        MutationResult alone = turn("ours", "\"last_turn_at\": \"" + asked + "\"");
        // Then
        String id = inherits.byRef("t").id();
        assertThat(OWNER.node(id).node().text("overdue_at")).isEqualTo("2030-01-07T17:00:00Z");
        assertThat(OWNER.node(alone.byRef("t").id()).node().text("overdue_at")).isEqualTo("2030-01-08T09:00:00Z");
        // And also when it is our turn again, later.
        OWNER.mutate(
                "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"last_turn_at\": \"2030-01-08T09:00:00Z\"}}]}",
                id);
        assertThat(OWNER.node(id).node().text("overdue_at")).isEqualTo("2030-01-08T17:00:00Z");
        // And business hours where they say so: Tuesday 12:00 and eight hours is Wednesday 11:00.
        OWNER.mutate(
                "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"last_turn_at\": \"2030-01-08T12:00:00Z\", \"sla_calendar\": \"business_hours\"}}]}",
                id);
        assertThat(OWNER.node(id).node().text("overdue_at")).isEqualTo("2030-01-09T11:00:00Z");
    }

    @Test
    void shouldTellOfTheDueTimeAndMarkItOverdueWhenAnExpectationsTimeHasCome() {
        try (EventTail tail = EventTail.fromNow("hq.obligation")) {
            // Given
            Instant due = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.SECONDS);
            String id = expectation(
                    "\"kind\": \"commitment_made\", \"direction\": \"we_owe\", \"due_at\": \"" + due + "\"");
            // Then
            Event event = tail.await(ObligationDue.TYPE, e -> e.key().equals(id));
            assertThat(event.subject()).isEqualTo("we_owe");
            assertThat(event.as(ObligationDue.class).dueAt()).isEqualTo(due);
            assertThat(event.time()).isAfterOrEqualTo(due);
            assertThat(OWNER.node(id).node().status()).isEqualTo("overdue");
            // And another date is another due time.
            OWNER.mutate(
                    "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"due_at\": \"%s\"}}]}",
                    id, due.plusSeconds(1));
            tail.awaitCount(2, ObligationDue.TYPE, e -> e.key().equals(id));
        }
    }

    @Test
    void shouldBeOpenAgainWhenWhatIsOverdueIsPutOff() {
        try (EventTail tail = EventTail.fromNow("hq.obligation")) {
            // Given
            String id = expectation(
                    "\"kind\": \"commitment_made\", \"direction\": \"we_owe\", \"due_at\": \"2026-01-05T12:00:00Z\"");
            tail.await(ObligationDue.TYPE, e -> e.key().equals(id));
            assertThat(OWNER.node(id).node().status()).isEqualTo("overdue");
            // When
            OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"severity\": \"nice\"}}]}", id);
            assertThat(OWNER.node(id).node().status()).isEqualTo("overdue");
            OWNER.mutate(
                    "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"due_at\": \"2040-01-05T12:00:00Z\"}}]}",
                    id);
            // Then
            assertThat(OWNER.node(id).node().status()).isEqualTo("open");
            assertThat(timers(id)).isEqualTo(1);
        }
    }

    @Test
    void shouldFireOnceWhenManyReplicasSeeATimerAtOnce() throws Exception {
        try (EventTail tail = EventTail.fromNow("hq.obligation")) {
            // Given: due in a while, so that the loop of this process leaves it alone
            Instant due = Instant.now().plus(3, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
            String id = expectation(
                    "\"kind\": \"commitment_made\", \"direction\": \"they_owe\", \"due_at\": \"" + due + "\"");
            Timer timer = new Timer(Timer.Kind.OBLIGATION_DUE, UUID.fromString(id), due);
            Scope scope = Scope.of("main", "system:graph-service", "test");
            // When
            List<Future<Boolean>> answers = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 16; i++) {
                    answers.add(threads.submit(() -> fire.fire(scope, timer)));
                }
            }
            // Then
            int fired = 0;
            for (Future<Boolean> answer : answers) {
                fired += answer.get() ? 1 : 0;
            }
            assertThat(fired).isEqualTo(1);
            tail.await(ObligationDue.TYPE, e -> e.key().equals(id));
            sentinel(tail);
            assertThat(tail.ofType(ObligationDue.TYPE).stream()
                            .filter(e -> e.key().equals(id)))
                    .hasSize(1);
        }
    }

    @Test
    void shouldPutOffATimerThatFailsAndFireTheOthers() throws SQLException {
        try (EventTail tail = EventTail.fromNow("hq.interaction")) {
            // Given: a turn state that somebody broke by hand
            String past = Instant.now().plus(1, ChronoUnit.HOURS).toString();
            String broken = turn("ours", "\"last_turn_at\": \"" + past + "\"")
                    .byRef("t")
                    .id();
            try (DirectSql sql = DirectSql.as("graph", "main")) {
                sql.execute(
                        "UPDATE nodes SET props = props || '{\"last_turn_at\": \"yesterday\", \"overdue_at\": \"2020-01-01T00:00:00Z\"}' WHERE id = ?::uuid",
                        broken);
                sql.commit();
            }
            // When
            MutationResult fine = turn("ours", "\"last_turn_at\": \"2020-01-01T00:00:00Z\"");
            // Then
            tail.await(
                    InteractionOverdue.TYPE, e -> e.key().equals(fine.byRef("c").id()));
            org.awaitility.Awaitility.await().untilAsserted(() -> {
                try (DirectSql sql = DirectSql.as("graph", "main")) {
                    assertThat(sql.rows(
                                    "SELECT 1 FROM timers WHERE node_id = ?::uuid AND fired_at IS NULL AND attempts > 0 AND retry_at > due_at AND failure IS NOT NULL",
                                    broken))
                            .hasSize(1);
                }
            });
        }
    }

    @Test
    void shouldArmATimerWhenSomebodyWithAnotherSearchPathWrites() throws SQLException {
        // Given
        String id = expectation("\"kind\": \"sla\", \"direction\": \"we_owe\", \"due_at\": \"2031-01-01T00:00:00Z\"");
        // When
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            sql.query("SELECT set_config('search_path', 'pg_catalog', true)");
            sql.execute(
                    "UPDATE graph.nodes SET props = props || '{\"due_at\": \"2032-01-01T00:00:00Z\"}' WHERE id = ?::uuid",
                    id);
            sql.commit();
        }
        // Then
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            assertThat(sql.rows("SELECT 1 FROM timers WHERE node_id = ?::uuid AND due_at = '2032-01-01T00:00:00Z'", id))
                    .hasSize(1);
        }
    }

    @Test
    void shouldMakeTheNextInstanceWhenARecurringObligationIsClosed() {
        try (EventTail tail = EventTail.fromNow("hq.obligation")) {
            // Given: monthly on the last day at nine in Lisbon, across the change to summer time and a leap day
            String id = OWNER.mutate("""
                    {"ops": [{"op": "create", "ref": "x", "type": "expectation", "props": {"kind": "recurring_obligation", "direction": "we_owe", "description_md": "Monthly invoice",
                              "due_at": "2028-01-31T09:00:00Z", "rrule": "FREQ=MONTHLY;BYMONTHDAY=-1", "timezone": "Europe/Lisbon"}},
                             {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Frama"}},
                             {"op": "link", "type": "owed_to", "from": "@x", "to": "@e"}]}""").byRef("x").id();
            assertThat(OWNER.node(id).node().text("next_due_at")).isEqualTo("2028-02-29T09:00:00Z");
            // When
            String second = successor(tail, id);
            String third = successor(tail, second);
            // Then
            NodeView.Detail detail = OWNER.node(third);
            assertThat(OWNER.node(second).node().text("due_at")).isEqualTo("2028-02-29T09:00:00Z");
            assertThat(detail.node().text("due_at")).isEqualTo("2028-03-31T08:00:00Z");
            assertThat(detail.node().status()).isEqualTo("open");
            assertThat(detail.node().slug()).endsWith("-2028-03-31");
            assertThat(detail.edges()).extracting(edge -> edge.type()).contains("spawned_from", "owed_to");
            // And what is opened and closed again keeps the successor it has.
            OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"open\"}]}", second);
            OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"resolved\"}]}", second);
            sentinel(tail);
            assertThat(tail.ofType(ObligationMaterialised.TYPE).stream()
                            .filter(e -> e.as(ObligationMaterialised.class)
                                    .predecessorId()
                                    .equals(second)))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"2028-01-28T09:00:00Z", "2028-02-10T09:00:00Z", "2028-03-02T09:00:00Z"})
    void shouldStayTheTurnItIsWhenItsDueTimeIsMoved(String moved) {
        // Given: that of January
        String id = expectation(
                "\"kind\": \"recurring_obligation\", \"direction\": \"we_owe\", \"due_at\": \"2028-01-31T09:00:00Z\", \"rrule\": \"FREQ=MONTHLY;BYMONTHDAY=-1\", \"timezone\": \"Europe/Lisbon\"");
        // When
        OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"due_at\": \"%s\"}}]}", id, moved);
        // Then
        assertThat(OWNER.node(id).node().text("due_at")).isEqualTo(moved);
        assertThat(OWNER.node(id).node().text("next_due_at")).isEqualTo("2028-02-29T09:00:00Z");
    }

    @Test
    void shouldMakeNoneWhenTheSeriesHasEnded() {
        String id = expectation(
                "\"kind\": \"recurring_obligation\", \"direction\": \"we_owe\", \"due_at\": \"2030-01-01T09:00:00Z\", \"rrule\": \"FREQ=DAILY;COUNT=1\"");
        assertThat(OWNER.node(id).node().text("next_due_at")).isNull();
    }

    @Test
    void shouldRefuseWithPathWhenARuleOrZoneIsNone() {
        String batch =
                "{\"ops\": [{\"op\": \"create\", \"type\": \"expectation\", \"props\": {\"kind\": \"recurring_obligation\", \"direction\": \"we_owe\", \"due_at\": \"2030-01-01T09:00:00Z\", %s}}]}";
        Response rule = OWNER.post(batch.formatted("\"rrule\": \"every month\""));
        Response zone = OWNER.post(batch.formatted("\"rrule\": \"FREQ=DAILY\", \"timezone\": \"Mars/Base\""));
        assertThat(rule.statusCode()).isEqualTo(422);
        assertThat(rule.jsonPath().getString("errors[0].path")).isEqualTo("/ops/0/props/rrule");
        assertThat(zone.jsonPath().getString("errors[0].path")).isEqualTo("/ops/0/props/timezone");
    }

    @ParameterizedTest
    @CsvSource({
        "intent,fulfilled,abandoned,open",
        "expectation,resolved,abandoned,overdue",
        "turn_state,closed,blocked,theirs"
    })
    void shouldRefuseWithWhatIsAllowedWhenAStatusMayNotFollow(String type, String from, String to, String allowed) {
        // Given
        String props = switch (type) {
            case "intent" -> "\"kind\": \"ask_reply\"";
            case "expectation" -> "\"kind\": \"sla\", \"direction\": \"we_owe\"";
            default -> "";
        };
        String id = OWNER.mutate(
                        "{\"ops\": [{\"op\": \"create\", \"ref\": \"x\", \"type\": \"%s\", \"status\": \"%s\", \"props\": {%s}}]}",
                        type, from, props)
                .byRef("x")
                .id();
        // When
        Response refused = OWNER.post("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"%s\"}]}", id, to);
        // Then
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("illegal_transition");
        assertThat(refused.jsonPath().getString("errors[0].path")).isEqualTo("/ops/0/status");
        assertThat(refused.jsonPath().getString("errors[0].allowed")).contains(allowed);
        assertThat(OWNER.post("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"%s\"}]}", id, allowed)
                        .statusCode())
                .isEqualTo(200);
    }

    private static String successor(EventTail tail, String predecessor) {
        OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"resolved\"}]}", predecessor);
        Event event = tail.await(
                ObligationMaterialised.TYPE,
                e -> e.as(ObligationMaterialised.class).predecessorId().equals(predecessor));
        assertThat(event.subject()).isEqualTo("we_owe");
        return event.key();
    }

    /** Waits until the loop has looked at everything that was due before, and its events have come. */
    private static void sentinel(EventTail tail) {
        boolean interactions = tail.events().stream().anyMatch(e -> e.type().startsWith("interaction."));
        if (interactions) {
            Instant past = Instant.now().minus(2, ChronoUnit.DAYS);
            MutationResult made = turn("ours", "\"last_turn_at\": \"" + past + "\", \"turnaround_sla_hours\": 1");
            tail.await(
                    InteractionOverdue.TYPE, e -> e.key().equals(made.byRef("c").id()));
        } else {
            String id =
                    expectation("\"kind\": \"sla\", \"direction\": \"we_owe\", \"due_at\": \"" + Instant.now() + "\"");
            tail.await(ObligationDue.TYPE, e -> e.key().equals(id));
        }
    }

    private static MutationResult turn(String status, String props) {
        return OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "c", "type": "conversation", "props": {"subject": "S"}},
                         {"op": "create", "ref": "t", "type": "turn_state", "status": "%s", "props": {%s}},
                         {"op": "link", "type": "has_turn_state", "from": "@c", "to": "@t"}]}""", status, props);
    }

    private static String expectation(String props) {
        return OWNER.mutate(
                        "{\"ops\": [{\"op\": \"create\", \"ref\": \"x\", \"type\": \"expectation\", \"props\": {%s}}]}",
                        props)
                .byRef("x")
                .id();
    }

    private static long timers(String node) {
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            return (Long) sql.query("SELECT count(*) FROM timers WHERE node_id = ?::uuid AND fired_at IS NULL", node);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
