package org.capitania.graph.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.capitania.graph.GraphApi.OWNER;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.capitania.contract.api.MutationResult;
import org.capitania.graph.DirectSql;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class InheritTermsIT {
    private static final String DEFAULT = "2030-01-08T09:00:00Z";
    private static final String ABOUT = ", {\"op\": \"link\", \"type\": \"about\", \"from\": \"@c\", \"to\": \"@g\"}";

    @Test
    void shouldInheritWhenItsConversationTurnsOutToBeAboutAnEngagement() {
        // Given: 24 hours by default
        MutationResult made = waitingSince("2030-01-07T09:00:00Z");
        String conversation = made.byRef("c").id();
        String turn = made.byRef("t").id();
        String engagement = made.byRef("g").id();
        assertThat(overdueAt(turn)).isEqualTo(DEFAULT);
        // When, then
        OWNER.mutate(
                "{\"ops\": [{\"op\": \"link\", \"type\": \"about\", \"from\": \"%s\", \"to\": \"%s\"}]}",
                conversation, engagement);
        awaitOverdueAt(turn, "2030-01-07T17:00:00Z");
        assertThat(timer(turn)).isEqualTo("2030-01-07 17:00:00");
        assertThat(OWNER.history(turn).items().getFirst().reason()).isEqualTo("the terms of its engagement are others");
        // And when its terms change
        patch(engagement, "\"props\": {\"turnaround_sla_hours\": 4}");
        awaitOverdueAt(turn, "2030-01-07T13:00:00Z");
        patch(engagement, "\"status\": \"declined\"");
        awaitOverdueAt(turn, DEFAULT);
        patch(engagement, "\"status\": \"delivery\"");
        awaitOverdueAt(turn, "2030-01-07T13:00:00Z");
        // And when the conversation is no longer about it
        OWNER.mutate(
                "{\"ops\": [{\"op\": \"unlink\", \"type\": \"about\", \"from\": \"%s\", \"to\": \"%s\"}]}",
                conversation, engagement);
        awaitOverdueAt(turn, DEFAULT);
    }

    @Test
    void shouldInheritWhenAnEngagementComesToTheEntityItsConversationIsAbout() {
        // Given
        MutationResult made = waitingSince("2030-01-07T09:00:00Z");
        String entity = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "e", "type": "entity", "props": {"name": "Frama"}},
                         {"op": "link", "type": "about", "from": "%s", "to": "@e"}]}""", made.byRef("c").id()).byRef("e").id();
        // When
        OWNER.mutate(
                "{\"ops\": [{\"op\": \"link\", \"type\": \"covers\", \"from\": \"%s\", \"to\": \"%s\"}]}",
                made.byRef("g").id(), entity);
        // Then
        awaitOverdueAt(made.byRef("t").id(), "2030-01-07T17:00:00Z");
    }

    @Test
    void shouldInheritAtOnceWhenAllOfItIsMadeTogether() {
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "g", "type": "engagement", "props": {"name": "Care", "turnaround_sla_hours": 8}},
                         {"op": "create", "ref": "c", "type": "conversation", "props": {"subject": "S"}},
                         {"op": "create", "ref": "t", "type": "turn_state", "status": "ours", "props": {"last_turn_at": "2030-01-07T09:00:00Z"}},
                         {"op": "link", "type": "about", "from": "@c", "to": "@g"},
                         {"op": "link", "type": "has_turn_state", "from": "@c", "to": "@t"}]}""");
        assertThat(overdueAt(made.byRef("t").id())).isEqualTo("2030-01-07T17:00:00Z");
    }

    @Test
    void shouldTellAgainOnlyOfATimeThatIsStillToCome() {
        // Given: overdue for an hour by the clock of the database, and told
        Instant asked = Instant.now().minus(9, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
        MutationResult made = waitingSince(asked.toString());
        String turn = made.byRef("t").id();
        OWNER.mutate(
                "{\"ops\": [{\"op\": \"link\", \"type\": \"about\", \"from\": \"%s\", \"to\": \"%s\"}]}",
                made.byRef("c").id(), made.byRef("g").id());
        String told = await("what is overdue is told").until(() -> fired(turn), at -> !at.equals("null"));
        // When
        patch(made.byRef("g").id(), "\"props\": {\"turnaround_sla_hours\": 4}");
        awaitOverdueAt(turn, asked.plus(4, ChronoUnit.HOURS).toString());
        // Then
        assertThat(fired(turn)).as("it is not told twice").isEqualTo(told);
        // And when there is time again
        patch(made.byRef("g").id(), "\"props\": {\"turnaround_sla_hours\": 48}");
        awaitOverdueAt(turn, asked.plus(48, ChronoUnit.HOURS).toString());
        assertThat(fired(turn)).isEqualTo("null");
    }

    @Test
    void shouldTellOnceWhenAnotherReplicaTellsInThatInstant() throws SQLException {
        // Given: a turn state whose time is about to come, held by another replica, so that this service cannot tell of
        // it
        Instant asked = Instant.now().minus(8, ChronoUnit.HOURS).plusSeconds(3).truncatedTo(ChronoUnit.SECONDS);
        MutationResult made = waitingSince(asked.toString(), ABOUT);
        String turn = made.byRef("t").id();
        String told;
        try (DirectSql replica = DirectSql.as("graph", "main")) {
            replica.query("SELECT 1 FROM nodes WHERE id = ?::uuid FOR NO KEY UPDATE", turn);
            await("its time has come")
                    .until(() -> replica.query(
                                    "SELECT due_at <= clock_timestamp() FROM timers WHERE node_id = ?::uuid", turn)
                            .equals(true));
            // When the terms change, and this service waits to work them out
            patch(made.byRef("g").id(), "\"props\": {\"turnaround_sla_hours\": 4}");
            await("this service waits")
                    .until(() -> replica.query(
                                    "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))")
                            .equals(true));
            told = String.valueOf(replica.query(
                    "UPDATE timers SET fired_at = clock_timestamp() WHERE node_id = ?::uuid RETURNING fired_at::text",
                    turn));
            replica.commit();
        }
        // Then
        awaitOverdueAt(turn, asked.plus(4, ChronoUnit.HOURS).toString());
        assertThat(fired(turn)).as("what the other has told").isEqualTo(told);
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            assertThat(sql.query(
                            "SELECT count(*) FROM outbox WHERE topic = 'interaction.overdue' AND payload->>'turn_state_id' = ?",
                            turn))
                    .as("told by this service")
                    .isEqualTo(0L);
        }
    }

    /** A conversation in which it is our turn, and an engagement of eight hours beside it. */
    private static MutationResult waitingSince(String asked, String... more) {
        return OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "g", "type": "engagement", "props": {"name": "Care", "turnaround_sla_hours": 8}},
                         {"op": "create", "ref": "c", "type": "conversation", "props": {"subject": "S"}},
                         {"op": "create", "ref": "t", "type": "turn_state", "status": "ours", "props": {"last_turn_at": "%s"}},
                         {"op": "link", "type": "has_turn_state", "from": "@c", "to": "@t"}%s]}""", asked, String.join("", more));
    }

    private static void patch(String node, String what) {
        OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", %s}]}", node, what);
    }

    private static String overdueAt(String turn) {
        return String.valueOf(OWNER.node(turn).node().text("overdue_at"));
    }

    private static void awaitOverdueAt(String turn, String time) {
        await("overdue at " + time)
                .untilAsserted(() -> assertThat(overdueAt(turn)).isEqualTo(time));
    }

    private static String timer(String turn) {
        return text("(due_at AT TIME ZONE 'UTC')", turn);
    }

    private static String fired(String turn) {
        return text("fired_at", turn);
    }

    private static String text(String column, String turn) {
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            return String.valueOf(sql.query("SELECT " + column + "::text FROM timers WHERE node_id = ?::uuid", turn));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
