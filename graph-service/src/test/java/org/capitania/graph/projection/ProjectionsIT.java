package org.capitania.graph.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.Projection;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.TemperatureChanged;
import org.capitania.graph.DirectSql;
import org.capitania.graph.GraphApi;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class ProjectionsIT {
    private static final GraphApi ELSEWHERE = new GraphApi("user:elsewhere", "other");

    @Inject
    ProjectionSettings settings;

    @Inject
    ProjectionUpkeep upkeep;

    @Inject
    Sql sql;

    @Test
    void shouldScoreAnEntityByItsSixInputsWhenRefreshed() {
        // Given: talked to today ten times, in delivery, all revenue there is in its currency, and in a good mood
        MutationResult made = customer("delivery");
        String entity = made.byRef("e").id();
        for (int i = 0; i < 10; i++) {
            interaction(made.byRef("c").id(), 0, 1.0);
        }
        OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "i", "type": "invoice", "status": "paid", "props": {"number": "%s", "net": 1000000000, "issued_on": "%s"}},
                         {"op": "link", "type": "billed_to", "from": "@i", "to": "%s"}]}""", unique("F"), Instant.now().toString().substring(0, 10), entity);
        // When
        refresh("entity_score");
        // Then
        JsonNode row = row("entity_score", "entity_id", entity);
        assertThat(row.get("score").asDouble()).isBetween(99.0, 100.0);
        assertThat(row.get("activity").asDouble()).isEqualTo(1.0);
        assertThat(row.get("best_stage").asText()).isEqualTo("delivery");
        // And when it is not the kind of customer the company wants, the tenth of that input is lost.
        OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"anti_match\": true}}]}", entity);
        refresh("mv_entity_score");
        assertThat(row("entity_score", "entity_id", entity).get("score").asDouble())
                .isBetween(89.0, 90.0);
        assertThat(items(ELSEWHERE, "entity_score"))
                .noneMatch(r -> r.get("entity_id").asText().equals(entity));
    }

    @Test
    void shouldWeighEachInputAsConfigured() {
        // Given: another share of each input; 3 of 10 interactions in 30 days, the last half a half-life ago
        MutationResult made = ELSEWHERE.mutate("""
                {"ops": [{"op": "create", "ref": "e", "type": "entity", "props": {"name": "Olaria Serra"}},
                         {"op": "create", "ref": "r", "type": "entity", "props": {"name": "Richer"}},
                         {"op": "create", "ref": "g", "type": "engagement", "status": "proposal", "props": {"name": "Shop"}},
                         {"op": "create", "ref": "i", "type": "invoice", "props": {"number": "%1$s/1", "net": 1000000000000}},
                         {"op": "create", "ref": "j", "type": "invoice", "props": {"number": "%1$s/2", "net": 4000000000000}},
                         {"op": "create", "ref": "a", "type": "interaction", "occurred_at": "%2$s", "props": {"channel": "email", "sentiment": 0.1}},
                         {"op": "create", "ref": "b", "type": "interaction", "occurred_at": "%3$s", "props": {"channel": "email", "sentiment": 0.2}},
                         {"op": "create", "ref": "c", "type": "interaction", "occurred_at": "%3$s", "props": {"channel": "email", "sentiment": 0.3}},
                         {"op": "link", "type": "covers", "from": "@g", "to": "@e"},
                         {"op": "link", "type": "billed_to", "from": "@i", "to": "@e"},
                         {"op": "link", "type": "billed_to", "from": "@j", "to": "@r"},
                         {"op": "link", "type": "about", "from": "@a", "to": "@e"},
                         {"op": "link", "type": "about", "from": "@b", "to": "@e"},
                         {"op": "link", "type": "about", "from": "@c", "to": "@e"}]}""", unique("F"), daysAgo(15), daysAgo(20));
        String entity = made.byRef("e").id();
        Map<String, Double> inputs = Map.of(
                "recency",
                70.71,
                "revenue",
                25.0,
                "activity",
                30.0,
                "stage",
                50.0,
                "linguistic",
                60.0,
                "anti_match",
                100.0);
        // Then: by default 30, 25, 15, 10, 10 and 10 in a hundred
        ObjectNode figures = Json.read(settings.json(), ObjectNode.class);
        assertThat(score(entity, figures)).isCloseTo(52.96, within(0.02));
        // And where only one of them has any weight, that input alone
        inputs.forEach((name, share) -> {
            ObjectNode weights = figures.putObject("weights");
            inputs.keySet().forEach(other -> weights.put(other, other.equals(name) ? 0.7 : 0));
            assertThat(score(entity, figures)).as(name).isCloseTo(share, within(0.02));
        });
    }

    @Test
    void shouldRefreshWhatIsTooOldAndNothingElse() throws SQLException {
        // Given: nobody was there for an hour to refresh one of them
        refresh("pipeline");
        refresh("entity_focus_count");
        try (DirectSql past = DirectSql.as("graph", "main")) {
            past.execute(
                    "UPDATE projections SET refreshed_at = refreshed_at - interval '61 minutes' WHERE name = 'pipeline'");
            past.commit();
        }
        Instant young = refreshedAt("entity_focus_count");
        // When
        upkeep.run();
        // Then: by the clock of the database
        assertThat(refreshedAt("pipeline")).isAfter(Instant.now().minus(1, ChronoUnit.HOURS));
        assertThat(refreshedAt("entity_focus_count")).isEqualTo(young);
    }

    @Test
    void shouldForecastAndSayWhatIsAtRiskWhenADealIsOpen() {
        // Given: 10,000 at the proposal stage (chance 0.4), of which 2,000 are invoiced and past due
        MutationResult made = customer("proposal");
        String deal = made.byRef("g").id();
        OWNER.mutate("""
                {"ops": [{"op": "patch", "id": "%1$s", "props": {"price": 8800, "monthly_fee": 100, "maintenance_months": 12, "currency": "EUR"}},
                         {"op": "create", "ref": "i", "type": "invoice", "status": "sent", "props": {"number": "%2$s", "net": 2000, "due_on": "2026-01-01"}},
                         {"op": "link", "type": "for_work", "from": "@i", "to": "%1$s"}]}""", deal, unique("F"));
        // When
        refresh("pipeline");
        // Then
        JsonNode row = row("pipeline", "engagement_id", deal);
        assertThat(row.get("value").asDouble()).isEqualTo(10_000);
        assertThat(row.get("forecast").asDouble()).isEqualTo(3_200);
        assertThat(row.get("risk_signals")).extracting(JsonNode::asText).containsExactly("unpaid");
        // 0.3 of what is forecast and of what is invoiced and not paid
        assertThat(row.get("revenue_at_risk").asDouble()).isEqualTo(1_560);
        assertThat(row.get("age_days").asInt()).isZero();
    }

    @Test
    void shouldCountWhatWeInvoicedAndWhatIsPaidOfItWhereverItWasFor() {
        // Given: 23% of tax; a third of the first is open, two fifths of the second are settled
        MutationResult made = customer("delivery");
        String deal = made.byRef("g").id();
        OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "p", "type": "project", "props": {"name": "Shop"}},
                         {"op": "create", "ref": "f", "type": "feature", "props": {"title": "Cart"}},
                         {"op": "create", "ref": "a", "type": "invoice", "status": "partially_paid", "props": {"number": "%1$s/1", "net": 3000, "total": 3690, "open_amount": 1230}},
                         {"op": "create", "ref": "b", "type": "invoice", "status": "sent", "props": {"number": "%1$s/2", "net": 1000, "total": 1230}},
                         {"op": "create", "ref": "c", "type": "invoice", "props": {"number": "%1$s/3", "kind": "credit_note", "net": 500}},
                         {"op": "create", "ref": "d", "type": "invoice", "props": {"number": "%1$s/4", "direction": "received", "net": 7000}},
                         {"op": "create", "ref": "e", "type": "invoice", "props": {"number": "%1$s/5", "kind": "proforma", "net": 7000}},
                         {"op": "create", "ref": "m", "type": "payment", "props": {"amount": 492}},
                         {"op": "create", "ref": "n", "type": "payment", "status": "announced", "props": {"amount": 100}},
                         {"op": "link", "type": "settles", "from": "@m", "to": "@b"},
                         {"op": "link", "type": "settles", "from": "@n", "to": "@b"},
                         {"op": "link", "type": "fulfills", "from": "@p", "to": "%2$s"},
                         {"op": "link", "type": "has_feature", "from": "@p", "to": "@f"},
                         {"op": "link", "type": "for_work", "from": "@a", "to": "@f"},
                         {"op": "link", "type": "for_work", "from": "@a", "to": "%2$s"},
                         {"op": "link", "type": "for_work", "from": "@b", "to": "@p"},
                         {"op": "link", "type": "for_work", "from": "@c", "to": "%2$s"},
                         {"op": "link", "type": "for_work", "from": "@d", "to": "%2$s"},
                         {"op": "link", "type": "for_work", "from": "@e", "to": "%2$s"}]}""", unique("F"), deal);
        // When
        refresh("pipeline");
        // Then
        JsonNode row = row("pipeline", "engagement_id", deal);
        assertThat(row.get("invoiced").asDouble()).isEqualTo(3_500);
        assertThat(row.get("paid").asDouble()).isEqualTo(2_400);
        assertThat(row.get("risk_signals")).isEmpty();
    }

    @Test
    void shouldCountTheInboxAndTheFocusWhenRefreshed() {
        // Given
        MutationResult made = customer("delivery");
        interaction(made.byRef("c").id(), 0, 0.0);
        String task = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "t", "type": "task", "priority": "now", "props": {"title": "Call"}},
                         {"op": "link", "type": "driven_by", "from": "@t", "to": "%s"},
                         {"op": "link", "type": "about", "from": "@t", "to": "%s"}]}""", made.byRef("c").id(), made.byRef("e").id())
                .byRef("t")
                .id();
        // When
        refresh("inbox_counts");
        refresh("entity_focus_count");
        // Then
        List<JsonNode> counts = items(OWNER, "inbox_counts").stream()
                .filter(r -> r.path("entity_id").asText().equals(made.byRef("e").id()))
                .toList();
        assertThat(counts).hasSize(2);
        assertThat(counts)
                .anyMatch(r -> r.get("tasks").asInt() == 1
                        && r.get("priority").asText().equals("now")
                        && r.get("owner_id").asText().equals(made.byRef("c").id()));
        assertThat(counts)
                .anyMatch(r ->
                        r.get("interactions").asInt() == 1 && r.get("tasks").asInt() == 0);
        assertThat(items(OWNER, "entity_focus_count"))
                .anyMatch(r -> r.get("entity_id").isNull());
        // And what is done is gone.
        OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"done\"}]}", task);
        refresh("inbox_counts");
        assertThat(items(OWNER, "inbox_counts"))
                .filteredOn(
                        r -> r.path("entity_id").asText().equals(made.byRef("e").id()))
                .hasSize(1);
    }

    @Test
    void shouldTellOfATemperatureWhenAndOnlyWhenItsBandChanges() {
        try (EventTail tail = EventTail.fromNow("hq.entity")) {
            // Given
            MutationResult made = customer("delivery");
            String entity = made.byRef("e").id();
            refresh("health_per_entity");
            assertThat(row("health_per_entity", "entity_id", entity)
                            .get("temperature")
                            .asText())
                    .isEqualTo("cold");
            // When: it is talked to, and refreshed twice
            for (int i = 0; i < 10; i++) {
                interaction(made.byRef("c").id(), 0, 1.0);
            }
            refresh("health_per_entity");
            refresh("health_per_entity");
            // Then
            Event event = tail.await(TemperatureChanged.TYPE, e -> e.key().equals(entity));
            TemperatureChanged changed = event.as(TemperatureChanged.class);
            assertThat(changed.before()).isEqualTo("cold");
            assertThat(changed.after()).isEqualTo("hot");
            // And when somebody complains, it is a band colder.
            OWNER.mutate("""
                    {"ops": [{"op": "create", "ref": "i", "type": "intent", "props": {"kind": "complain"}},
                             {"op": "link", "type": "about", "from": "@i", "to": "%s"}]}""", entity);
            refresh("health_per_entity");
            tail.await(
                    TemperatureChanged.TYPE,
                    e -> e.key().equals(entity)
                            && e.as(TemperatureChanged.class).after().equals("warm"));
            assertThat(tail.ofType(TemperatureChanged.TYPE).stream()
                            .filter(e -> e.key().equals(entity)))
                    .hasSize(2);
        }
    }

    @Test
    void shouldMeasureHowLongAnAnswerTakesAndWhatIsOwed() {
        // Given: asked two days ago, answered a day later
        MutationResult made = customer("delivery");
        OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "k", "type": "conversation", "props": {"subject": "S"}},
                         {"op": "create", "ref": "a", "type": "interaction", "occurred_at": "%3$s", "props": {"channel": "email", "direction": "in"}},
                         {"op": "create", "ref": "b", "type": "interaction", "occurred_at": "%4$s", "props": {"channel": "email", "direction": "out"}},
                         {"op": "create", "ref": "x", "type": "expectation", "props": {"kind": "commitment_made", "direction": "we_owe", "due_at": "%4$s"}},
                         {"op": "link", "type": "from", "from": "@a", "to": "%1$s"},
                         {"op": "link", "type": "part_of", "from": "@a", "to": "@k"},
                         {"op": "link", "type": "part_of", "from": "@b", "to": "@k"},
                         {"op": "link", "type": "owed_to", "from": "@x", "to": "%2$s"}]}""", made.byRef("c").id(), made.byRef("e").id(), daysAgo(2), daysAgo(1));
        // When
        refresh("health_per_entity");
        // Then
        JsonNode row = row("health_per_entity", "entity_id", made.byRef("e").id());
        assertThat(row.get("response_latency_hours").asDouble()).isBetween(23.9, 24.1);
        assertThat(row.get("we_owe").asInt()).isEqualTo(1);
        assertThat(row.get("they_owe").asInt()).isZero();
        assertThat(row.get("overdue").asInt()).isEqualTo(1);
    }

    @Test
    void shouldTouchOnlyWhatChangedAndHoldUpNoReaderWhenRefreshed() throws Exception {
        // Given
        customer("discovery");
        refresh("entity_focus_count");
        assertThat(refresh("entity_focus_count").changed()).isZero();
        // When: a refresh is under way and not yet committed
        try (DirectSql open = DirectSql.as("graph", "main")) {
            open.execute("UPDATE entity_focus_counts SET focus = focus + 7");
            // Then
            assertThat(items(OWNER, "entity_focus_count"))
                    .anyMatch(r -> r.get("focus").asInt() < 7);
        }
        assertThat(OWNER.get("/v1/projections", Map.of(), Projection.All.class).items())
                .hasSize(5)
                .filteredOn(p -> p.name().equals("entity_focus_count"))
                .singleElement()
                // Null until the first refresh has been committed.
                .satisfies(p -> assertThat(p.refreshedAt()).isNotNull());
        assertThat(OWNER.request().get("/v1/projections/mv_nothing").statusCode())
                .isEqualTo(404);
        assertThat(OWNER.request().post("/v1/projections/nothing/refresh").statusCode())
                .isEqualTo(404);
    }

    private double score(String entity, ObjectNode figures) {
        return sql.tx(
                Scope.of("other", "system:test", "by hand"),
                tx -> tx.one(
                                "SELECT s.score FROM (" + ProjectionSql.ENTITY_SCORE
                                        + ") AS s WHERE s.entity_id = $2::text::uuid",
                                Json.write(figures),
                                entity)
                        .orElseThrow()
                        .getBigDecimal("score")
                        .doubleValue());
    }

    private static Instant refreshedAt(String projection) {
        Projection.Refreshed state = OWNER.get("/v1/projections", Map.of(), Projection.All.class).items().stream()
                .filter(found -> found.name().equals(projection))
                .findFirst()
                .orElseThrow();
        return Objects.requireNonNull(state.refreshedAt());
    }

    private static MutationResult customer(String stage) {
        return OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "e", "type": "entity", "props": {"name": "Olaria Serra"}},
                         {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Rosa"}},
                         {"op": "create", "ref": "g", "type": "engagement", "status": "%s", "props": {"name": "Shop"}},
                         {"op": "link", "type": "covers", "from": "@g", "to": "@e"},
                         {"op": "link", "type": "works_for", "from": "@c", "to": "@e"}]}""", stage);
    }

    private static void interaction(String contact, int daysAgo, double sentiment) {
        OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "i", "type": "interaction", "occurred_at": "%s", "props": {"channel": "email", "direction": "in", "sentiment": %s}},
                         {"op": "link", "type": "from", "from": "@i", "to": "%s"}]}""", daysAgo(daysAgo), Double.toString(sentiment), contact);
    }

    private static String daysAgo(int days) {
        return Instant.now().minus(days, ChronoUnit.DAYS).toString();
    }

    private static Projection.Refreshed refresh(String name) {
        var response = OWNER.request().post("/v1/projections/" + name + "/refresh");
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        return Json.read(response.asString(), Projection.Refreshed.class);
    }

    private static JsonNode row(String projection, String key, String id) {
        return items(OWNER, projection).stream()
                .filter(row -> row.get(key).asText().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError(projection + " has no " + id));
    }

    private static List<JsonNode> items(GraphApi api, String projection) {
        List<JsonNode> all = new ArrayList<>();
        String after = "0";
        while (after != null) {
            Projection page =
                    api.get("/v1/projections/" + projection, Map.of("after", after, "limit", 500), Projection.class);
            all.addAll(page.items());
            after = page.next();
        }
        return all;
    }
}
