package org.capitania.graph.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.graph.GraphApi.OWNER;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.HistoryEntry;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.RebuildCheck;
import org.capitania.contract.api.Retention;
import org.capitania.contract.event.HistoryRemoved;
import org.capitania.graph.DirectSql;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class RetentionIT {
    private static final GraphApi CLIENT = new GraphApi("client:test", "main");
    private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");

    @Test
    void shouldSaySinceWhenItIsKnownWhenOldHistoryHasBeenRemoved() throws SQLException {
        try (OldHistory old = new OldHistory();
                EventTail tail = EventTail.fromNow("hq.nodes")) {
            // Given: four versions of a task, three of them closed or made long ago, and an edge that ended long ago
            MutationResult made = OWNER.mutate("""
                    {"ops": [{"op": "create", "ref": "t", "type": "task", "props": {"title": "One"}},
                             {"op": "create", "ref": "u", "type": "task", "props": {"title": "Other"}},
                             {"op": "link", "type": "related_to", "from": "@t", "to": "@u"}]}""");
            String id = made.byRef("t").id();
            String edge = OWNER.node(id).edges().getFirst().id();
            OWNER.mutate("{\"ops\": [{\"op\": \"unlink\", \"id\": \"%s\"}]}", edge);
            title(id, "Two");
            MutationResult third = title(id, "Three");
            MutationResult fourth = title(id, "Four");
            for (int version = 1; version <= 3; version++) {
                old.backdate("node", id, version, LONG_AGO.plus(Duration.ofDays(version)));
            }
            old.backdate("edge", edge, 1, LONG_AGO.plus(Duration.ofDays(1)));
            old.backdate("edge", edge, 2, LONG_AGO.plus(Duration.ofDays(2)));
            Instant twoKnown = LONG_AGO.plus(Duration.ofDays(2));
            assertThat(titleAt(id, twoKnown)).isEqualTo("Two");
            assertThat(retention().knownSince()).isNull();
            // When: nobody has chosen, nothing goes
            assertThat(remove().nodes()).isZero();
            assertThat(titleAt(id, twoKnown)).isEqualTo("Two");
            // And when the owner chooses
            assertThat(choose(CLIENT, "30").statusCode()).isEqualTo(403);
            assertThat(choose(OWNER, "29").jsonPath().getString("errors[0].path"))
                    .isEqualTo("/keep_days");
            assertThat(choose(OWNER, "30").statusCode()).isEqualTo(200);
            Retention.Removal removal = remove();
            // Then: what was open at the limit stays, what was closed before is gone, and whoever asks for it is told
            assertThat(removal.nodes()).isEqualTo(2);
            assertThat(removal.edges()).isEqualTo(1);
            Instant since = removal.knownSince();
            assertThat(since).isAfter(Instant.now().minus(Duration.ofDays(31)));
            for (String path :
                    List.of("/v1/nodes/" + id, "/v1/nodes/" + id + "/edges", "/v1/nodes", "/v1/timeline?about=" + id)) {
                Response asked =
                        OWNER.request().queryParam("as_of", twoKnown.toString()).get(path);
                assertThat(asked.statusCode()).as(path).isEqualTo(410);
                assertThat(asked.jsonPath().getString("code")).isEqualTo("history_removed");
                assertThat(asked.jsonPath().getString("detail")).contains(String.valueOf(since));
            }
            assertThat(titleAt(id, since)).isEqualTo("Three");
            assertThat(OWNER.node(id).node().text("title")).isEqualTo("Four");
            HistoryEntry.Page history = OWNER.history(id);
            assertThat(history.knownSince()).isEqualTo(since);
            assertThat(history.items()).extracting(HistoryEntry::version).containsExactly(4, 3);
            assertThat(history.items().getLast().changes()).isEmpty();
            assertThat(history.items().getFirst().changes()).hasSize(1);
            assertThat(versions("edge", edge)).isEqualTo("2");
            // What was done then cannot be undone any more: what it was before is not known.
            assertThat(rollback(third).statusCode()).isEqualTo(410);
            assertThat(rollback(fourth).statusCode()).isEqualTo(200);
            assertThat(OWNER.node(id).node().text("title")).isEqualTo("Three");
            // And it is journalled, told, and once more removes nothing.
            tail.awaitCount(2, HistoryRemoved.TYPE, e -> e.tenant().equals("main"));
            assertThat(tail.ofType(HistoryRemoved.TYPE))
                    .extracting(
                            e -> e.subject() + " " + e.as(HistoryRemoved.class).rows())
                    .containsExactlyInAnyOrder("node 2", "edge 1");
            assertThat(retention()).satisfies(r -> {
                assertThat(r.keepDays()).isEqualTo(30);
                assertThat(r.chosenBy()).isEqualTo("user:owner");
            });
            assertThat(remove().nodes()).isZero();
            assertThat(choose(OWNER, "null").statusCode()).isEqualTo(200);
            assertThat(retention().keepDays()).isNull();
            assertThat(retention().knownSince()).isEqualTo(since);
            assertThat(Json.read(OWNER.request().post("/v1/rebuild/check").asString(), RebuildCheck.class)
                            .differences())
                    .isZero();
        }
    }

    @Test
    void shouldRefuseToDeleteHistoryWhenNothingWasChosen() throws SQLException {
        String id = OWNER.mutate(
                        "{\"ops\": [{\"op\": \"create\", \"ref\": \"t\", \"type\": \"task\", \"props\": {\"title\": \"T\"}}]}")
                .byRef("t")
                .id();
        for (String role : List.of("graph", "graph_owner")) {
            try (DirectSql sql = DirectSql.as(role, "main")) {
                assertThatThrownBy(() -> sql.execute("DELETE FROM graph.history_nodes WHERE id = ?::uuid", id))
                        .as(role)
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @Test
    void shouldAnswerTheSameSinceTheLimitWhateverTheHistoryWas() throws SQLException {
        Instant now = Instant.now();
        try (OldHistory old = new OldHistory()) {
            assertThat(choose(OWNER, "30").statusCode()).isEqualTo(200);
            int removed = 0;
            for (int seed = 0; seed < Soak.count(40, 2_000); seed++) {
                Random random = new Random(seed);
                UUID id = new UUID(random.nextLong(), random.nextLong());
                int versions = 2 + random.nextInt(9);
                Instant at = now.minus(Duration.ofDays(100));
                for (int version = 1; version <= versions; version++) {
                    at = at.plus(Duration.ofHours(1 + random.nextInt(24 * 100 / versions)));
                    Instant from = LONG_AGO.plus(Duration.ofDays(random.nextInt(3)));
                    Instant to = random.nextInt(3) > 0 ? null : from.plus(Duration.ofDays(1 + random.nextInt(3)));
                    old.row("main", id, version, at, random.nextBoolean() ? "open" : "done", from, to);
                }
                old.stand(id);
                // When
                List<List<Object>> before = answers(id, now);
                assertThat(before).anyMatch(row -> row.get(2) != null);
                removed += remove().nodes();
                // Then
                assertThat(answers(id, now)).as("seed %d", seed).isEqualTo(before);
                old.forget(id);
            }
            assertThat(removed).isPositive();
            assertThat(choose(OWNER, "null").statusCode()).isEqualTo(200);
        }
    }

    /** What is known of a node at every time since the limit, of every time; and since when it has its status. */
    private static List<List<Object>> answers(UUID id, Instant now) throws SQLException {
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            return sql.rows("""
                    SELECT k.day, v.half, (SELECT a.recorded_at FROM graph.node_as_of(n.id, k.at, v.at) AS a) AS answer, n.since
                      FROM (SELECT h.id, graph.status_since(h.id, h.row->>'status') AS since
                              FROM graph.history_nodes AS h WHERE h.id = ? ORDER BY h.recorded_at DESC LIMIT 1) AS n
                     CROSS JOIN (SELECT d AS day, ?::timestamptz - make_interval(days => d) AS at FROM generate_series(0, 29) AS d) AS k
                     CROSS JOIN (SELECT x AS half, CASE WHEN x >= 0 THEN ?::timestamptz + make_interval(hours => 12 * x) END AS at
                                   FROM generate_series(-1, 10) AS x) AS v
                     ORDER BY 1, 2""", id, now.atOffset(ZoneOffset.UTC), LONG_AGO.atOffset(ZoneOffset.UTC));
        }
    }

    private static String versions(String kind, String id) throws SQLException {
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            return String.valueOf(sql.query(
                    "SELECT string_agg(version::text, ',' ORDER BY version) FROM graph.history_" + kind
                            + "s WHERE id = ?::uuid",
                    id));
        }
    }

    private static MutationResult title(String id, String title) {
        return OWNER.mutate(
                "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"title\": \"%s\"}}]}", id, title);
    }

    private static String titleAt(String id, Instant at) {
        return OWNER.get(
                        "/v1/nodes/" + id,
                        Map.of("as_of", at.toString(), "valid_at", Instant.now().toString()),
                        NodeView.Detail.class)
                .node()
                .text("title");
    }

    private static Response rollback(MutationResult mutation) {
        return OWNER.request()
                .body("{\"mutation_id\": \"" + mutation.auditEventId() + "\"}")
                .post("/v1/rollbacks");
    }

    private static Response choose(GraphApi who, String days) {
        return who.request().body("{\"keep_days\": " + days + "}").post("/v1/retention");
    }

    private static Retention retention() {
        return OWNER.get("/v1/retention", Map.of(), Retention.class);
    }

    private static Retention.Removal remove() {
        Response done = OWNER.request().post("/v1/retention/removals");
        assertThat(done.statusCode()).as(done.asString()).isEqualTo(200);
        return Json.read(done.asString(), Retention.Removal.class);
    }
}
