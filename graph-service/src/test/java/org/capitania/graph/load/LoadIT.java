package org.capitania.graph.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;
import static org.capitania.graph.load.Files.count;
import static org.capitania.graph.load.Files.load;
import static org.capitania.graph.load.Files.post;
import static org.capitania.graph.load.Files.tasks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.LoadReport;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.RebuildCheck;
import org.capitania.graph.DirectSql;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class LoadIT {
    private static final GraphApi ELSEWHERE = new GraphApi("user:elsewhere", "other");

    @TestHTTPResource
    URI url;

    @Test
    void shouldRecordAndTellEachRowWhenAFileIsLoaded() throws SQLException {
        // Given
        String key = unique("file");
        String file = file(key, 1000, new Random(20261121));
        // When
        LoadReport loaded = load(OWNER, key, file);
        // Then
        assertThat(loaded.finished()).isTrue();
        assertThat(loaded.lines()).isEqualTo(4000);
        assertThat(loaded.nodes()).isEqualTo(1000);
        assertThat(loaded.edges() + loaded.found()).isEqualTo(3000);
        assertThat(loaded.found()).as("links said twice").isPositive();
        try (DirectSql sql = DirectSql.as("graph_owner", "main")) {
            long rows = loaded.nodes() + loaded.edges();
            String ours =
                    " FROM history_nodes WHERE row->'tags' @> to_jsonb(?::text) OR unsealed(row)->'tags' @> to_jsonb(?::text)";
            assertThat(sql.query("SELECT count(*)" + ours, key, key)).isEqualTo(1000L);
            List<List<Object>> mutations = sql.rows("SELECT DISTINCT mutation_id, actor, reason, op" + ours, key, key);
            assertThat(mutations)
                    .allSatisfy(
                            row -> assertThat(row.subList(1, 4)).isEqualTo(List.of("user:owner", "test", "insert")));
            assertThat(sql.query(
                            "SELECT count(*) FROM history_edges AS h JOIN nodes AS n ON n.id = h.from_id WHERE n.tags @> ARRAY[?]::text[]",
                            key))
                    .isEqualTo(loaded.edges());
            // One event a row, one more for each text to embed and for each task that has somebody now.
            assertThat(sql.query(
                            "SELECT count(*) FROM outbox AS o WHERE o.topic = 'graph.node.changed' AND o.key IN (SELECT id::text FROM nodes WHERE tags @> ARRAY[?]::text[])",
                            key))
                    .isEqualTo(1000L);
            assertThat(sql.query(
                            "SELECT count(*) FROM outbox AS o WHERE o.topic = 'nodes.text_changed' AND o.key IN (SELECT id::text FROM nodes WHERE tags @> ARRAY[?]::text[])",
                            key))
                    .isEqualTo(1000L);
            assertThat(sql.query(
                            "SELECT count(*) FROM outbox AS o WHERE o.topic = 'graph.edge.changed' AND o.key IN (SELECT e.id::text FROM edges AS e JOIN nodes AS n ON n.id = e.from_id WHERE n.tags @> ARRAY[?]::text[])",
                            key))
                    .isEqualTo(rows - 1000L);
            assertThat(sql.query(
                            "SELECT count(*) FROM outbox AS o WHERE o.topic = 'task.assigned_to' AND o.key IN (SELECT id::text FROM nodes WHERE tags @> ARRAY[?]::text[])",
                            key))
                    .isEqualTo(sql.query(
                            "SELECT count(*) FROM edges AS e JOIN nodes AS n ON n.id = e.from_id WHERE e.type = 'driven_by' AND n.tags @> ARRAY[?]::text[]",
                            key));
            // What is personal is sealed.
            assertThat(sql.query(
                            "SELECT count(*) FROM history_nodes AS h JOIN nodes AS n ON n.id = h.id WHERE n.type = 'contact' AND n.tags @> ARRAY[?]::text[] AND (h.row->'props' ?? 'name' OR NOT h.row ?? 'sealed')",
                            key))
                    .isEqualTo(0L);
            assertThat(sql.query(
                            "SELECT count(*) FROM load_refs AS r JOIN loads AS l ON l.id = r.load_id WHERE l.key = ?",
                            key))
                    .isEqualTo(0L);
        }
        RebuildCheck check = Json.read(OWNER.request().post("/v1/rebuild/check").asString(), RebuildCheck.class);
        assertThat(check.differences()).as(check.toString()).isZero();
        assertThat(check.nodes()).isGreaterThanOrEqualTo(1000);
        assertThat(OWNER.search(key + " 7", "task").items()).isNotEmpty();
        // And again: nothing twice
        assertThat(load(OWNER, key, file)).isEqualTo(loaded);
        assertThat(OWNER.get("/v1/load/" + key, Map.of(), LoadReport.class)).isEqualTo(loaded);
        assertThat(post(OWNER, key, file + file).jsonPath().getString("code")).isEqualTo("idempotency_mismatch");
        assertThat(post(OWNER, key, "x" + file).jsonPath().getString("code")).isEqualTo("idempotency_mismatch");
    }

    @Test
    void shouldTakeADriverWhoBeginsWhenTheOtherEnds() {
        // Given
        String key = unique("turns");
        String link =
                "{\"op\": \"link\", \"type\": \"driven_by\", \"from\": \"@a\", \"to\": \"%s\", \"%s\": \"2199-01-01T00:00:00Z\"}\n";
        // When
        LoadReport loaded = load(
                OWNER,
                key,
                "{\"op\": \"create\", \"ref\": \"a\", \"type\": \"task\", \"props\": {\"title\": \"Turns\"}}\n"
                        + link.formatted("hq:root", "valid_to")
                        + link.formatted("hq:user:owner", "valid_from"));
        // Then
        assertThat(loaded.edges()).isEqualTo(2);
    }

    @Test
    void shouldMakeTheSameNodeAsAMutationWould() {
        // Given
        String name = unique("Twin");
        String line = """
                {"op": "create", "type": "%s", "props": {"name": "%s", "%s": "Não há tab\\t, \\"quotes\\" nem \\\\ barras\\n e o dia é bom"},
                 "tags": ["a\\"b", "c\\\\d", "{e,f}"], "external_source": "x\\ty", "external_id": "%s", "valid_from": "2020-01-01T00:00:00.123456789Z",
                 "occurred_at": "2021-06-01T10:00:00+02:00", "confidence": 0.7, "tainted": true}""".replace("\n", " ");
        for (String type : List.of("entity", "contact")) {
            OWNER.mutate(
                    "{\"ops\": [" + line.replace("%", "%%").replace("%%s", "%s") + "]}",
                    type,
                    name,
                    "notes_md",
                    name + "-a-" + type);
            load(OWNER, unique("twin"), line.formatted(type, name, "notes_md", name + "-b-" + type));
            // Then
            List<NodeView> twins = OWNER.get("/v1/nodes", Map.of("type", type, "prop.name", name), NodeView.Page.class)
                    .items();
            assertThat(twins).hasSize(2);
            assertThat(bare(twins.get(0))).isEqualTo(bare(twins.get(1)));
            assertThat(twins)
                    .extracting(NodeView::slug)
                    .doesNotHaveDuplicates()
                    .allSatisfy(slug -> assertThat(slug).startsWith(type + "-twin"));
        }
    }

    @Test
    void shouldGoOnWhereItWasWhenTheStreamIsCut() throws IOException {
        // Given: a file of which a chunk and a half arrive; its edges name nodes of the first chunk
        String key = unique("cut");
        String nodes = tasks(key, 3000);
        String file = nodes
                + IntStream.range(1, 1000)
                        .mapToObj(i -> "{\"op\": \"link\", \"type\": \"related_to\", \"from\": \"@" + i
                                + "\", \"to\": \"@" + (i + 1) + "\"}\n")
                        .collect(Collectors.joining());
        // When
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /v1/load HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + bearer(OWNER)
                            + "\r\nIdempotency-Key: " + key
                            + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            byte[] part =
                    nodes.substring(0, nodes.indexOf("\"title\": \"2900 ")).getBytes(StandardCharsets.UTF_8);
            out.write((Integer.toHexString(part.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.write(part);
            out.flush();
            Awaitility.await().until(() -> count(key) == 2000);
        }
        // Then: what was not sent whole is not in
        assertThat(OWNER.get("/v1/load/" + key, Map.of(), LoadReport.class).lines())
                .isEqualTo(2000);
        LoadReport whole = load(OWNER, key, file);
        assertThat(whole.finished()).isTrue();
        assertThat(whole.nodes()).isEqualTo(3000);
        assertThat(whole.edges()).isEqualTo(999);
        assertThat(count(key)).isEqualTo(3000);
    }

    @Test
    void shouldReachNoOtherTenantWhenAFileIsLoaded() throws SQLException {
        // Given
        String key = unique("tenant");
        load(OWNER, key, tasks(key, 3));
        // Then: neither by id, by slug nor by ref
        String id = OWNER.node(key + "-1").node().id();
        for (String other : List.of(id, key + "-1", "@1")) {
            assertThat(post(ELSEWHERE, unique("steal"), """
                    {"op": "create", "ref": "mine", "type": "task", "props": {"title": "Mine"}}
                    {"op": "link", "type": "related_to", "from": "@mine", "to": "%s"}""".formatted(other)).statusCode())
                    .as(other)
                    .isEqualTo(404);
        }
        assertThat(ELSEWHERE.request().get("/v1/load/" + key).statusCode()).isEqualTo(404);
        // And: the same key, the same refs, the same slugs are free there
        assertThat(load(ELSEWHERE, key, tasks(key, 5)).nodes()).isEqualTo(5);
        assertThat(count(key)).isEqualTo(3);
        try (DirectSql sql = DirectSql.as("graph", "other")) {
            assertThat(sql.query("SELECT count(*) FROM nodes WHERE tags @> ARRAY[?]::text[]", key))
                    .isEqualTo(5L);
            assertThat(sql.query("SELECT count(*) FROM loads WHERE tenant_id <> 'other'"))
                    .isEqualTo(0L);
        }
    }

    @Test
    void shouldHoldAChunkOnlyWhenTheBodyIsLargerThanAnyOther() throws IOException, InterruptedException {
        // Given: 40 MB, most of them blanks
        String key = unique("large");
        byte[] blanks = (" ".repeat(1_000_000) + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] last = tasks(key, 1).getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/v1/load"))
                .header("Authorization", "Bearer " + bearer(OWNER))
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofInputStream(() ->
                        new SequenceInputStream(Collections.enumeration(IntStream.rangeClosed(0, 40)
                                .mapToObj(i -> new ByteArrayInputStream(i < 40 ? blanks : last))
                                .toList()))))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            // When
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            // Then
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(Json.read(response.body(), LoadReport.class).lines()).isEqualTo(41);
            assertThat(count(key)).isEqualTo(1);
        }
        assertThat(OWNER.request()
                        .contentType("application/x-ndjson")
                        .body(new byte[] {10})
                        .post("/v1/load")
                        .statusCode())
                .isEqualTo(400);
    }

    /** Contacts, entities and tasks, and three edges each, one of them now and then said twice. */
    private static String file(String key, int nodes, Random random) {
        StringBuilder file = new StringBuilder();
        String[] types = {"task", "contact", "entity"};
        for (int i = 0; i < nodes; i++) {
            file.append(
                    "{\"op\":\"create\",\"ref\":\"%d\",\"type\":\"%s\",\"props\":{\"%s\":\"%s %d\"},\"tags\":[\"%s\"]}\n"
                            .formatted(i, types[i % 3], i % 3 == 0 ? "title" : "name", key, i, key));
        }
        for (int i = 0; i < 3 * nodes; i++) {
            int from = i % nodes;
            int other = 3 * random.nextInt(nodes / 3);
            String link = "{\"op\":\"link\",\"type\":\"%s\",\"from\":\"@%d\",\"to\":\"@%d\"}\n";
            file.append(
                    i >= nodes
                            ? link.formatted("related_to", from, random.nextInt(nodes))
                            : switch (from % 3) {
                                case 0 -> link.formatted("driven_by", from, other + 1);
                                case 1 -> link.formatted("works_for", from, other + 2);
                                default -> link.formatted("related_to", from, (from + 1) % 30);
                            });
        }
        return file.toString();
    }

    private static ObjectNode bare(NodeView node) {
        ObjectNode json = (ObjectNode) Json.tree(node);
        json.remove(List.of("id", "slug", "external_id", "created_at", "updated_at", "recorded_at"));
        return json;
    }

    private static String bearer(GraphApi api) {
        return TestTokens.bearer(api.principal(), Service.GRAPH_SERVICE, api.tenant());
    }
}
