package org.capitania.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.INGEST;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.capitania.contract.Json;
import org.capitania.contract.api.EventsReplay;
import org.capitania.contract.api.GraphStats;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.RebuildCheck;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.GraphChanged;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.Soak;
import org.capitania.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class ReplayIT {
    /** A company whose outbox has let go of what was published. */
    private static final GraphApi GONE = new GraphApi("user:elsewhere", "other");

    @Test
    void shouldRebuildTheLiveTablesWhenTheChangeTopicsAreReplayed() throws SQLException {
        try (EventTail tail = EventTail.fromStart("hq.graph.nodes", "hq.graph.edges")) {
            // Given: a random but repeatable life of a small graph, some of it refused and rolled back
            long seed = 20261121L;
            for (int i = 0; i < Soak.count(1, 50); i++) {
                live(new Random(seed + i));
            }
            // When
            Map<String, Long> stored;
            try (DirectSql sql = DirectSql.as("graph_owner", "main")) {
                stored = Map.of(
                        "nodes", (Long) sql.query("SELECT count(*) FROM history_nodes WHERE tenant_id = 'main'"),
                        "edges", (Long) sql.query("SELECT count(*) FROM history_edges WHERE tenant_id = 'main'"),
                        "outbox",
                                (Long)
                                        sql.query(
                                                "SELECT count(*) FROM outbox WHERE tenant_id = 'main' AND topic LIKE 'graph.%'"));
            }
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> ours(tail).map(Event::id).distinct().count() >= stored.get("outbox"));
            // Then: one event a history row, and none else
            Map<String, Event> events = new LinkedHashMap<>();
            ours(tail).forEach(event -> events.put(event.id(), event));
            assertThat(events).hasSize((int) (stored.get("nodes") + stored.get("edges")));
            assertThat(replayed(events.values(), GraphChanged.NODE))
                    .as("seed " + seed)
                    .isEqualTo(live("node_row", "nodes"));
            assertThat(replayed(events.values(), GraphChanged.EDGE))
                    .as("seed " + seed)
                    .isEqualTo(live("edge_row", "edges"));
        }
    }

    @Test
    void shouldFindEachDifferenceWhenTheLiveGraphIsHeldAgainstItsTopics() throws SQLException {
        // Given
        live(new Random(7));
        // When
        RebuildCheck good = check();
        // Then
        assertThat(good.differences()).as(good.toString()).isZero();
        assertThat(good.nodes()).isPositive();
        assertThat(good.edges()).isPositive();
        // And: a row that was changed behind the triggers' back is found. Only a superuser can.
        String id = OWNER.mutate(
                        "{\"ops\": [{\"op\": \"create\", \"ref\": \"t\", \"type\": \"task\", \"props\": {\"title\": \"T\"}}]}")
                .byRef("t")
                .id();
        try (Connection admin = TestPostgres.shared().connect();
                var statement = admin.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            statement.execute("UPDATE graph.nodes SET status = 'done' WHERE id = '" + id + "'");
            RebuildCheck bad = check();
            statement.execute("UPDATE graph.nodes SET status = 'open' WHERE id = '" + id + "'");
            assertThat(bad.examples()).containsExactly(new RebuildCheck.Difference("node", id, 1, 1));
        }
        assertThat(check().differences()).isZero();
    }

    @Test
    void shouldPublishTheSameEventAgainWhenItIsReplayed() {
        try (EventTail tail = EventTail.fromNow("hq.graph.nodes")) {
            // Given
            Instant before = Instant.now();
            String id = OWNER.mutate(
                            "{\"ops\": [{\"op\": \"create\", \"ref\": \"t\", \"type\": \"task\", \"props\": {\"title\": \"T\"}}]}")
                    .byRef("t")
                    .id();
            Event first = tail.await(GraphChanged.NODE, event -> event.key().equals(id));
            // The relay has said that it is done with it.
            Awaitility.await()
                    .until(() ->
                            OWNER.get("/v1/stats", Map.of(), GraphStats.class).outboxLag() == 0);
            // When
            EventsReplay.Result again = replay(OWNER, new EventsReplay(List.of("hq.graph.nodes"), before, null));
            // Then
            assertThat(again.events()).isPositive();
            List<Event> both =
                    tail.awaitCount(2, GraphChanged.NODE, event -> event.key().equals(id));
            assertThat(both).extracting(Event::id).containsOnly(first.id());
            assertThat(both).extracting(Event::data).containsOnly(first.data());
            assertThat(replay(
                                    OWNER,
                                    new EventsReplay(
                                            List.of("hq.graph.edges"), Instant.EPOCH, before.minusSeconds(86400)))
                            .events())
                    .isZero();
            assertThat(OWNER.request()
                            .body("{\"topics\": [\"hq.nope\"]}")
                            .post("/v1/events/replays")
                            .statusCode())
                    .isEqualTo(422);
            assertThat(INGEST.request()
                            .body("{\"topics\": [\"hq.graph.nodes\"]}")
                            .post("/v1/events/replays")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void shouldPublishFromHistoryWhatTheOutboxNoLongerHas() throws SQLException {
        try (EventTail tail = EventTail.fromNow("hq.graph.nodes", "hq.graph.edges")) {
            // Given: two versions of a node and an edge, of which the outbox has let go
            Instant before = Instant.now();
            MutationResult made = GONE.mutate("""
                    {"ops": [{"op": "create", "ref": "t", "type": "task", "props": {"title": "T"}}, {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Rui"}},
                             {"op": "link", "type": "driven_by", "from": "@t", "to": "@c"}]}""");
            String id = made.byRef("t").id();
            GONE.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"done\"}]}", id);
            List<Event> first =
                    tail.awaitCount(2, GraphChanged.NODE, event -> event.key().equals(id));
            Awaitility.await()
                    .until(() ->
                            GONE.get("/v1/stats", Map.of(), GraphStats.class).outboxLag() == 0);
            try (DirectSql sql = DirectSql.as("graph_relay", "other")) {
                sql.execute("DELETE FROM outbox WHERE tenant_id = 'other'");
                sql.commit();
            }
            // When
            EventsReplay.Result again =
                    replay(GONE, new EventsReplay(List.of("hq.graph.nodes", "hq.graph.edges"), before, null));
            // Then: what was told before, in the same order, as other events
            assertThat(again.next()).isNull();
            List<Event> both =
                    tail.awaitCount(4, GraphChanged.NODE, event -> event.key().equals(id));
            assertThat(both).extracting(Event::id).doesNotHaveDuplicates();
            assertThat(both.subList(2, 4))
                    .extracting(Event::data)
                    .isEqualTo(first.stream().map(Event::data).toList());
            assertThat(both.get(3).actor()).isEqualTo(both.get(1).actor());
            try (DirectSql sql = DirectSql.as("graph", "other")) {
                assertThat(again.events())
                        .isEqualTo(sql.query(
                                "SELECT (SELECT count(*) FROM history_nodes WHERE recorded_at >= ?::timestamptz) + (SELECT count(*) FROM history_edges WHERE recorded_at >= ?::timestamptz)",
                                before.toString(),
                                before.toString()));
            }
            // And what is asked for page by page goes on where it was.
            assertThat(replay(
                                    GONE,
                                    new EventsReplay(
                                            List.of("hq.graph.edges"),
                                            before,
                                            null,
                                            "edge " + new UUID(0, 0) + " " + Instant.EPOCH))
                            .events())
                    .isEqualTo(1);
            assertThat(GONE.request()
                            .body("{\"topics\": [\"hq.graph.nodes\"], \"after\": \"edge " + new UUID(0, 0) + " "
                                    + Instant.EPOCH + "\"}")
                            .post("/v1/events/replays")
                            .statusCode())
                    .isEqualTo(422);
        }
    }

    @Test
    void shouldSayWhatIsNotReachedWhenOtherEventsAreOlderThanTheOutboxKeeps() {
        Instant old = Instant.now().minus(Duration.ofDays(8));
        Response refused = OWNER.request()
                .body(Json.write(new EventsReplay(List.of("hq.graph.nodes", "hq.task"), old, null)))
                .post("/v1/events/replays");
        assertThat(refused.statusCode()).isEqualTo(410);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("history_removed");
        assertThat(refused.jsonPath().getString("detail")).contains("hq.task").doesNotContain("hq.graph");
        assertThat(replay(OWNER, new EventsReplay(List.of("hq.task"), null, Instant.EPOCH))
                        .events())
                .isZero();
    }

    /** The other company's topics have its history in them more than once. */
    private static Stream<Event> ours(EventTail tail) {
        return tail.events().stream().filter(event -> event.tenant().equals("main"));
    }

    private static EventsReplay.Result replay(GraphApi who, EventsReplay wanted) {
        return Json.read(
                who.request()
                        .body(Json.write(wanted))
                        .post("/v1/events/replays")
                        .asString(),
                EventsReplay.Result.class);
    }

    private static RebuildCheck check() {
        return Json.read(OWNER.request().post("/v1/rebuild/check").asString(), RebuildCheck.class);
    }

    private static void live(Random random) {
        String[] ids = new String[12];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = OWNER.mutate("""
                    {"ops": [{"op": "create", "ref": "t", "type": "task", "props": {"title": "%s"}, "tags": ["a"], "confidence": 0.3}]}""", unique("Task")).byRef("t").id();
        }
        for (int i = 0; i < 60; i++) {
            String a = ids[random.nextInt(ids.length)];
            String b = ids[random.nextInt(ids.length)];
            switch (random.nextInt(5)) {
                case 0 -> OWNER.post("""
                        {"ops": [{"op": "patch", "id": "%s", "props": {"estimate_hours": %s}}, {"op": "archive", "id": "%s"}]}""", a, random.nextDouble(), b);
                case 1 -> OWNER.post("""
                        {"ops": [{"op": "link", "type": "related_to", "from": "%s", "to": "%s"}]}""", a, b);
                case 2 -> OWNER.post("""
                        {"ops": [{"op": "unlink", "type": "related_to", "from": "%s", "to": "%s"}]}""", a, b);
                case 3 -> OWNER.post("""
                        {"ops": [{"op": "patch", "id": "%s", "version": 1, "status": "done"}, {"op": "patch", "id": "%s", "props": {"title": "é %d"}}]}""", a, b, i);
                default -> OWNER.post("""
                        {"ops": [{"op": "patch", "id": "%s", "props": {"title": "lost"}}, {"op": "patch", "id": "%s", "props": {"nope": 1}}]}""", a, b);
            }
        }
    }

    /** Applied in any order of keys; lower versions are ignored. */
    private static Map<String, JsonNode> replayed(Collection<Event> events, String type) throws SQLException {
        Map<String, GraphChanged> latest = new HashMap<>();
        for (Event event : events) {
            if (event.type().equals(type)) {
                latest.merge(event.key(), event.as(GraphChanged.class), (a, b) -> a.version() > b.version() ? a : b);
            }
        }
        Map<String, JsonNode> rows = new HashMap<>();
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            latest.forEach((id, change) -> rows.put(id, opened(sql, change.row())));
        }
        return rows;
    }

    /** What is personal is sealed on the topics; the store has the keys. */
    private static JsonNode opened(DirectSql sql, JsonNode row) {
        return row.has("sealed")
                ? Json.read((String) sql.query("SELECT unsealed(?::jsonb)::text", row.toString()), JsonNode.class)
                : row;
    }

    private static Map<String, JsonNode> live(String function, String table) throws SQLException {
        Map<String, JsonNode> rows = new HashMap<>();
        try (DirectSql sql = DirectSql.as("graph_owner", "main")) {
            sql.query("SELECT set_config('timezone', 'UTC', true)");
            for (List<Object> row : sql.rows(
                    "SELECT t.id, " + function + "(t)::text FROM " + table + " AS t WHERE t.tenant_id = 'main'")) {
                rows.put(((UUID) row.get(0)).toString(), Json.read((String) row.get(1), JsonNode.class));
            }
        }
        return rows;
    }
}
