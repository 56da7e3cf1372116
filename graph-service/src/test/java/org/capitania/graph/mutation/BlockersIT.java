package org.capitania.graph.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.graph.DirectSql;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class BlockersIT {

    @Test
    void shouldNameTheCircleWhenABlockerWouldWaitForWhatItBlocks() {
        // Given: c waits for b, b waits for a, each said in another way
        List<String> t = tasks(3);
        link("blocked_by", t.get(2), t.get(1), 200);
        link("blocks", t.get(0), t.get(1), 200);
        // Then
        Response refused = link("depends_on", t.get(0), t.get(2), 409);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("cycle");
        assertThat(refused.jsonPath().getString("errors[0].path")).isEqualTo("/ops/0");
        assertThat(refused.jsonPath().getString("errors[0].type")).isEqualTo("depends_on");
        assertThat(refused.jsonPath().getString("detail")).contains("waits for");
        link("blocks", t.get(2), t.get(0), 409);
        link("depends_on", t.get(0), t.get(0), 409);
        link("related_to", t.get(0), t.get(2), 200);
        // What no longer blocks does not count; a second way there does.
        OWNER.mutate(
                "{\"ops\": [{\"op\": \"unlink\", \"type\": \"blocks\", \"from\": \"%s\", \"to\": \"%s\"}]}",
                t.get(0), t.get(1));
        link("depends_on", t.get(0), t.get(2), 200);
        link("blocks", t.get(0), t.get(1), 409);
        // A circle inside one batch is one too.
        assertThat(OWNER.post("""
                {"ops": [{"op": "create", "ref": "x", "type": "task", "props": {"title": "X"}}, {"op": "create", "ref": "y", "type": "task", "props": {"title": "Y"}},
                         {"op": "link", "type": "blocks", "from": "@x", "to": "@y"}, {"op": "link", "type": "blocks", "from": "@y", "to": "@x"}]}""").statusCode()).isEqualTo(409);
    }

    /** Thirty layers of two have a thousand million ways through them: whoever walks them all is stopped by the time-out. */
    @Test
    void shouldLookAtEachOnceWhenBlockersAreANet() throws SQLException {
        int layers = 30;
        List<String> t = tasks(2 * layers);
        String insert =
                "INSERT INTO edges (id, type, from_id, to_id, producer_id) SELECT gen_random_uuid(), 'depends_on', ?, ?, producer_id FROM nodes LIMIT 1";
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            sql.execute("SET LOCAL statement_timeout = '60s'");
            for (int layer = layers - 2; layer >= 0; layer--) {
                for (int i = 0; i < 4; i++) {
                    sql.execute(
                            insert,
                            UUID.fromString(t.get(2 * layer + i / 2)),
                            UUID.fromString(t.get(2 * layer + 2 + i % 2)));
                }
            }
            assertThatThrownBy(() ->
                            sql.execute(insert, UUID.fromString(t.get(2 * layers - 1)), UUID.fromString(t.getFirst())))
                    .hasMessageContaining("waits for");
        }
    }

    @Test
    void shouldNameTheCircleWhenPeopleWouldReportToEachOther() {
        String made = """
                {"ops": [{"op": "create", "ref": "a", "type": "contact", "slug": "%1$s-a", "props": {"name": "A"}},
                         {"op": "create", "ref": "b", "type": "contact", "slug": "%1$s-b", "props": {"name": "B"}},
                         {"op": "create", "ref": "c", "type": "contact", "slug": "%1$s-c", "props": {"name": "C"}},
                         {"op": "link", "type": "reports_to", "from": "@a", "to": "@b"},
                         {"op": "link", "type": "reports_to", "from": "@b", "to": "@c"}]}""";
        String who = unique("boss");
        OWNER.mutate(made, who);
        Response refused = link("reports_to", who + "-c", who + "-a", 409);
        assertThat(refused.jsonPath().getString("errors[0].found"))
                .isEqualTo("%1$s-c reports to %1$s-a reports to %1$s-b reports to %1$s-c".formatted(who));
        link("reports_to", who + "-a", who + "-c", 200);
    }

    @Test
    void shouldRefuseWhenSqlByHandClosesACircle() throws SQLException {
        List<String> t = tasks(2);
        link("blocks", t.get(0), t.get(1), 200);
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            assertThatThrownBy(() -> sql.execute(
                            "INSERT INTO edges (id, type, from_id, to_id, producer_id) SELECT gen_random_uuid(), 'blocks', ?, ?, producer_id FROM nodes LIMIT 1",
                            UUID.fromString(t.get(1)),
                            UUID.fromString(t.get(0))))
                    .hasMessageContaining("waits for");
        }
    }

    @Test
    void shouldLeaveNoCircleWhenManyLinkAtOnce() throws Exception {
        long seed = 20261121L;
        Random random = new Random(seed);
        for (int round = 0; round < Soak.count(6, 300); round++) {
            // Given
            List<String> t = tasks(5);
            List<String[]> wanted = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String type = List.of("blocks", "blocked_by", "depends_on").get(random.nextInt(3));
                wanted.add(new String[] {type, t.get(random.nextInt(5)), t.get(random.nextInt(5))});
            }
            // When
            List<Integer> statuses = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> running = new ArrayList<>();
                for (String[] edge : wanted) {
                    running.add(threads.submit(
                            () -> link(edge[0], edge[1], edge[2], 0).statusCode()));
                }
                for (Future<Integer> one : running) {
                    statuses.add(one.get());
                }
            }
            // Then
            assertThat(statuses).as("seed " + seed).containsOnly(200, 409).contains(200);
            assertThat(hasCircle(t)).as("seed " + seed + " round " + round).isFalse();
        }
    }

    /** By taking away, again and again, what waits for nothing: a circle stays. */
    private static boolean hasCircle(List<String> tasks) throws SQLException {
        Set<List<String>> waits = new HashSet<>();
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            for (List<Object> row : sql.rows(
                    "SELECT CASE type WHEN 'blocks' THEN to_id ELSE from_id END::text, CASE type WHEN 'blocks' THEN from_id ELSE to_id END::text FROM edges WHERE from_id::text = ANY (?) AND type IN ('blocks', 'blocked_by', 'depends_on') AND valid_to IS NULL",
                    (Object) tasks.toArray(String[]::new))) {
                waits.add(List.of((String) row.get(0), (String) row.get(1)));
            }
        }
        boolean fewer = true;
        while (fewer) {
            Set<String> waiters = new HashSet<>();
            waits.forEach(wait -> waiters.add(wait.getFirst()));
            fewer = waits.removeIf(wait -> !waiters.contains(wait.getLast()));
        }
        return !waits.isEmpty();
    }

    private static List<String> tasks(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(OWNER.mutate(
                            "{\"ops\": [{\"op\": \"create\", \"ref\": \"t\", \"type\": \"task\", \"props\": {\"title\": \"T\"}}]}")
                    .byRef("t")
                    .id());
        }
        return ids;
    }

    private static Response link(String type, String from, String to, int status) {
        Response response = OWNER.post(
                "{\"ops\": [{\"op\": \"link\", \"type\": \"%s\", \"from\": \"%s\", \"to\": \"%s\"}]}", type, from, to);
        if (status != 0) {
            assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        }
        return response;
    }
}
