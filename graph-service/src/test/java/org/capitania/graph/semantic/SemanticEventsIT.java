package org.capitania.graph.semantic;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.capitania.contract.Service;
import org.capitania.contract.Topics;
import org.capitania.contract.api.MutationResult.OpResult;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.EventProducers;
import org.capitania.contract.event.InteractionCreated;
import org.capitania.contract.event.InteractionOverdue;
import org.capitania.contract.event.ObligationDue;
import org.capitania.contract.event.ObligationMaterialised;
import org.capitania.contract.event.ProspectCreated;
import org.capitania.contract.event.StatusChanged;
import org.capitania.contract.event.TaskAssigned;
import org.capitania.contract.event.TemperatureChanged;
import org.capitania.contract.event.TextChanged;
import org.capitania.graph.DirectSql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each event type that the contract gives to graph-service: told in the transaction of its cause, and never without it. */
@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class SemanticEventsIT {
    private static final Instant LONG_AGO = Instant.parse("2020-01-31T09:00:00Z");
    private static final String EXPECTATION = """
            {"ops": [{"op": "create", "ref": "n", "type": "expectation", "props":
              {"kind": "%s", "direction": "we_owe", "description_md": "Monthly invoice", "due_at": "%s"%s}}]}""";

    private static final Map<String, Cause> CAUSES = Map.ofEntries(
            entry(InteractionCreated.TYPE, new BatchCause("", """
                    {"op": "create", "ref": "k", "type": "conversation", "props": {"subject": "S"}},
                    {"op": "create", "ref": "n", "type": "interaction", "props": {"channel": "email", "direction": "in"}},
                    {"op": "link", "type": "part_of", "from": "@n", "to": "@k"}""", (node, done) -> {
                OpResult made = done.byRef("n");
                return new BatchCause.Event(
                        made.id(),
                        null,
                        new InteractionCreated(
                                made.id(), made.slug(), done.byRef("k").id()));
            })),
            entry(ProspectCreated.TYPE, new BatchCause("", """
                    {"op": "create", "ref": "n", "type": "entity", "status": "prospect", "props": {"name": "Newco"}}""", (node, done) -> {
                OpResult made = done.byRef("n");
                return new BatchCause.Event(made.id(), null, new ProspectCreated(made.id(), made.slug(), "Newco"));
            })),
            entry(
                    StatusChanged.ENGAGEMENT_STAGE,
                    new BatchCause(
                            """
                    {"op": "create", "ref": "n", "type": "engagement", "props": {"name": "Site"}}""",
                            """
                    {"op": "patch", "id": "%s", "status": "proposal"}""",
                            (node, done) -> new BatchCause.Event(
                                    node.id(),
                                    null,
                                    new StatusChanged(node.id(), node.slug(), "discovery", "proposal")))),
            entry(
                    StatusChanged.FEATURE_STATUS,
                    new BatchCause(
                            """
                    {"op": "create", "ref": "n", "type": "feature", "props": {"title": "Login"}}""",
                            """
                    {"op": "patch", "id": "%s", "status": "in_progress"}""",
                            (node, done) -> new BatchCause.Event(
                                    node.id(),
                                    "in_progress",
                                    new StatusChanged(node.id(), node.slug(), "idea", "in_progress")))),
            entry(TaskAssigned.TYPE, new BatchCause("""
                    {"op": "create", "ref": "n", "type": "task", "props": {"title": "Do it"}}""", """
                    {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Rui"}},
                    {"op": "link", "type": "driven_by", "from": "%s", "to": "@c"}""", (node, done) -> {
                OpResult who = done.byRef("c");
                return new BatchCause.Event(
                        node.id(),
                        who.slug(),
                        new TaskAssigned(node.id(), node.slug(), who.id(), who.slug(), who.slug()));
            })),
            entry(TextChanged.TYPE, new BatchCause("", """
                    {"op": "create", "ref": "n", "type": "memo", "props": {"title": "M", "body_md": "words"}}""", (node, done) -> {
                String made = done.byRef("n").id();
                return new BatchCause.Event(made, "memo", new TextChanged(made, "memo", null));
            })),
            entry(TemperatureChanged.TYPE, new WarmthCause()),
            entry(
                    InteractionOverdue.TYPE,
                    new TimerCause(
                            "interaction.overdue",
                            """
                    {"ops": [{"op": "create", "ref": "c", "type": "conversation", "props": {"subject": "S"}},
                             {"op": "create", "ref": "n", "type": "turn_state", "status": "ours", "props": {"last_turn_at": "2040-01-01T00:00:00Z", "turnaround_sla_hours": 4}},
                             {"op": "link", "type": "has_turn_state", "from": "@c", "to": "@n"}]}""",
                            """
                    {"ops": [{"op": "patch", "id": "%s", "props": {"last_turn_at": "2020-01-31T09:00:00Z"}}]}""",
                            made -> new BatchCause.Event(
                                    made.byRef("c").id(),
                                    null,
                                    new InteractionOverdue(
                                            made.byRef("n").id(),
                                            made.byRef("c").id(),
                                            made.byRef("c").slug(),
                                            LONG_AGO,
                                            LONG_AGO.plusSeconds(4 * 3600))))),
            entry(
                    ObligationDue.TYPE,
                    new TimerCause(
                            "obligation.due",
                            EXPECTATION.formatted("sla", "2040-01-01T00:00:00Z", ""),
                            """
                    {"ops": [{"op": "patch", "id": "%s", "props": {"due_at": "2020-01-31T09:00:00Z"}}]}""",
                            made -> new BatchCause.Event(
                                    made.byRef("n").id(),
                                    "we_owe",
                                    new ObligationDue(
                                            made.byRef("n").id(),
                                            made.byRef("n").slug(),
                                            "sla",
                                            "we_owe",
                                            null,
                                            LONG_AGO)))),
            entry(
                    ObligationMaterialised.TYPE,
                    new TimerCause(
                            "obligation.next",
                            EXPECTATION.formatted(
                                    "recurring_obligation",
                                    "2040-01-31T09:00:00Z",
                                    ", \"rrule\": \"FREQ=MONTHLY;BYMONTHDAY=-1\""),
                            """
                    {"ops": [{"op": "patch", "id": "%s", "status": "resolved"}]}""",
                            made -> {
                                String closed = made.byRef("n").id();
                                String next = Cause.text(
                                        "SELECT from_id::text FROM edges WHERE type = 'spawned_from' AND to_id = ?::uuid",
                                        closed);
                                String slug = Cause.text("SELECT slug FROM nodes WHERE id = ?::uuid", next);
                                return new BatchCause.Event(
                                        next,
                                        "we_owe",
                                        new ObligationMaterialised(
                                                next, slug, closed, "we_owe", Instant.parse("2040-02-29T09:00:00Z")));
                            })));

    static Stream<String> types() {
        return EventProducers.of(Service.GRAPH_SERVICE).stream().sorted();
    }

    @Test
    void shouldKnowACauseOfEachEventTypeThatTheContractGivesToTheGraph() {
        assertThat(CAUSES.keySet())
                .isEqualTo(EventProducers.of(Service.GRAPH_SERVICE))
                .isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("types")
    void shouldTellOnceInTheTransactionOfTheCauseWhenItHappens(String type) throws SQLException {
        try (EventTail tail = EventTail.fromNow(Topics.of(type))) {
            // Given
            long before = lastId();
            // When
            Cause.Told told = CAUSES.get(type).happen();
            // Then
            List<List<Object>> rows = toldSince(before, type, told.about());
            assertThat(rows).as(type).hasSize(1);
            assertThat(rows.getFirst().get(1))
                    .as("the transaction of %s and of its cause", type)
                    .isEqualTo(told.transaction());
            String id = "graph:" + rows.getFirst().getFirst();
            Event event = tail.await(type, e -> e.id().equals(id));
            assertThat(event.key()).isEqualTo(told.key());
            assertThat(event.subject()).isEqualTo(told.subject() == null ? told.key() : told.subject());
            assertThat(event.as(told.event().getClass()))
                    .usingRecursiveComparison()
                    .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                    .ignoringFields("textHash")
                    .isEqualTo(told.event());
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void shouldTellNothingWhenTheCauseIsRolledBack(String type) throws SQLException {
        // Given
        long before = lastId();
        // When
        String about = CAUSES.get(type).fail();
        // Then
        assertThat(toldSince(before, type, about)).as(type).isEmpty();
    }

    private static long lastId() {
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            return (Long) sql.query("SELECT coalesce(max(id), 0) FROM outbox");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Id and transaction of each such event that is committed. */
    private static List<List<Object>> toldSince(long id, String type, String about) throws SQLException {
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            return sql.rows(
                    "SELECT id, xid::text FROM outbox WHERE id > ? AND topic = ? AND payload::text LIKE '%' || ? || '%'",
                    id, type, about);
        }
    }
}
