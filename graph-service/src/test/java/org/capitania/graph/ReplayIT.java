package org.capitania.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.capitania.contract.Json;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.GraphChanged;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class ReplayIT {

    @Test
    void shouldRebuildTheLiveTablesWhenTheChangeTopicsAreReplayed() throws SQLException {
        try (EventTail tail = EventTail.fromStart("hq.graph.nodes", "hq.graph.edges")) {
            // Given: a random but repeatable life of a small graph, some of it refused and rolled back
            long seed = 20261121L;
            live(new Random(seed));
            // When
            Map<String, Long> stored;
            try (DirectSql sql = DirectSql.as("graph_owner", "main")) {
                stored = Map.of(
                        "nodes", (Long) sql.query("SELECT count(*) FROM history_nodes"),
                        "edges", (Long) sql.query("SELECT count(*) FROM history_edges"),
                        "outbox", (Long) sql.query("SELECT count(*) FROM outbox WHERE topic LIKE 'graph.%'"));
            }
            Awaitility.await().until(() -> tail.records().size() >= stored.get("outbox"));
            // Then: one event a history row, and none else
            List<Event> events = tail.events();
            assertThat(events).hasSize((int) (stored.get("nodes") + stored.get("edges")));
            assertThat(events).extracting(Event::id).doesNotHaveDuplicates();
            assertThat(replayed(events, GraphChanged.NODE)).as("seed " + seed).isEqualTo(live("node_row", "nodes"));
            assertThat(replayed(events, GraphChanged.EDGE)).as("seed " + seed).isEqualTo(live("edge_row", "edges"));
        }
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
    private static Map<String, JsonNode> replayed(List<Event> events, String type) {
        Map<String, GraphChanged> latest = new HashMap<>();
        for (Event event : events) {
            if (event.type().equals(type)) {
                latest.merge(event.key(), event.as(GraphChanged.class), (a, b) -> a.version() > b.version() ? a : b);
            }
        }
        Map<String, JsonNode> rows = new HashMap<>();
        latest.forEach((id, change) -> rows.put(id, change.row()));
        return rows;
    }

    private static Map<String, JsonNode> live(String function, String table) throws SQLException {
        Map<String, JsonNode> rows = new HashMap<>();
        try (DirectSql sql = DirectSql.as("graph_owner", "main")) {
            sql.query("SELECT set_config('timezone', 'UTC', true)");
            for (List<Object> row : sql.rows("SELECT t.id, " + function + "(t)::text FROM " + table + " AS t")) {
                rows.put(((UUID) row.get(0)).toString(), Json.read((String) row.get(1), JsonNode.class));
            }
        }
        return rows;
    }
}
