package org.capitania.graph.cypher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.api.Cypher;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On the image of deploy/postgres, which has Apache AGE. */
@Tag("container")
@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class CypherIT {
    private static final GraphApi ELSEWHERE = new GraphApi("user:elsewhere", "other");
    private static final String CHAIN = """
            {"ops": [{"op": "create", "ref": "e", "type": "entity", "slug": "e-%1$s", "props": {"name": "%1$s Ltd"}},
                     {"op": "create", "ref": "c", "type": "contact", "slug": "c-%1$s", "props": {"name": "%1$s", "email": "%1$s@example.org"}},
                     {"op": "create", "ref": "t", "type": "task", "slug": "t-%1$s", "props": {"title": "It's \\"%1$s\\" ::vertex"}},
                     {"op": "link", "type": "works_for", "from": "@c", "to": "@e"},
                     {"op": "link", "type": "related_to", "from": "@t", "to": "@c"}]}""";

    @Test
    void shouldHaveEveryExtensionWhenItIsTheImage() throws SQLException {
        try (Connection connection = TestPostgres.shared().connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT array_agg(extname::text ORDER BY extname), current_setting('shared_preload_libraries') FROM pg_extension")) {
            rows.next();
            assertThat((String[]) rows.getArray(1).getArray())
                    .contains(
                            "vector",
                            "age",
                            "pg_cron",
                            "pg_partman",
                            "timescaledb",
                            "pgaudit",
                            "pg_stat_statements",
                            "pg_trgm",
                            "btree_gin",
                            "unaccent",
                            "pgcrypto");
            assertThat(rows.getString(2)).contains("auto_explain");
        }
    }

    @Test
    void shouldFollowPathsWhenAskedInCypher() {
        // Given
        String name = unique("path");
        String task = OWNER.mutate(CHAIN, name).byRef("t").id();
        // When
        Cypher.Result found = ask(OWNER, """
                MATCH (t:task {slug: $slug})-[*1..2]->(e:entity) RETURN t, e.name AS employer""", "slug", "t-" + name);
        // Then
        assertThat(found.columns()).containsExactly("t", "employer");
        assertThat(found.rows()).hasSize(1);
        assertThat(found.rows().getFirst().getFirst().at("/label").asText()).isEqualTo("task");
        assertThat(found.rows().getFirst().getFirst().at("/properties/id").asText())
                .isEqualTo(task);
        assertThat(found.rows().getFirst().getFirst().at("/properties/title").asText())
                .isEqualTo("It's \"" + name + "\" ::vertex");
        assertThat(found.rows().getFirst().get(1).asText()).isEqualTo(name + " Ltd");
        assertThat(ask(
                                OWNER,
                                "MATCH (c:contact)-[r:WORKS_FOR]->(e) WHERE c.name = 'It\\'s' OR c.name = $n RETURN count(r)",
                                "n",
                                name)
                        .rows())
                .isEqualTo(List.of(List.of(Json.tree(1))));
        Cypher.Result limited = answered(OWNER, Map.of("query", "MATCH (n) RETURN n.slug", "limit", 1));
        assertThat(limited.truncated()).isTrue();
        assertThat(limited.rows()).hasSize(1);
    }

    @Test
    void shouldKnowEveryChangeWhenItIsAskedAfterIt() {
        String name = unique("step");
        String task = OWNER.mutate(CHAIN, name).byRef("t").id();
        String titles =
                "MATCH (t:task {slug: $slug}) OPTIONAL MATCH (t)-[:RELATED_TO]->(c) RETURN t.title, t.status, t.version, c.name";
        assertThat(texts(ask(OWNER, titles, "slug", "t-" + name)))
                .containsExactly("It's \"" + name + "\" ::vertex", "open", "1", name);

        OWNER.mutate(
                "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"title\": \"new\"}, \"status\": \"in_progress\"}]}",
                task);
        assertThat(texts(ask(OWNER, titles, "slug", "t-" + name))).containsExactly("new", "in_progress", "2", name);

        OWNER.mutate(
                "{\"ops\": [{\"op\": \"unlink\", \"type\": \"related_to\", \"from\": \"%s\", \"to\": \"c-%s\"}]}",
                task, name);
        assertThat(texts(ask(OWNER, titles, "slug", "t-" + name))).containsExactly("new", "in_progress", "2", "");

        Instant before = Instant.now();
        OWNER.mutate("{\"ops\": [{\"op\": \"archive\", \"id\": \"%s\"}]}", task);
        assertThat(ask(OWNER, titles, "slug", "t-" + name).rows()).isEmpty();
        assertThat(ask(OWNER, titles, "slug", "t-" + name).asOf()).isAfter(before);
    }

    @Test
    void shouldShowNothingOfATenantWhenAnotherAsks() throws SQLException {
        // Given: both have a graph
        String name = unique("secret");
        OWNER.mutate(CHAIN, name);
        assertThat(ask(OWNER, "MATCH (c:contact {name: $n}) RETURN c", "n", name)
                        .rows())
                .hasSize(1);
        ELSEWHERE.mutate(CHAIN, unique("theirs"));
        // Then: not by any label, and not by the functions AGE would answer from whatever graph they are told
        Cypher.Result all = answered(ELSEWHERE, Map.of("query", "MATCH (n) RETURN n", "limit", 1000));
        assertThat(all.rows()).isNotEmpty();
        assertThat(all.rows().toString()).doesNotContain(name);
        String ours = graphOf("main");
        for (String attack : List.of(
                "RETURN ag_catalog.age_startnode('%s', {id: 1, label: 'E', end_id: 844424930131969, start_id: 844424930131969, properties: {}}::edge)",
                "RETURN startNode({id: 1, label: 'E', end_id: 844424930131969, start_id: 844424930131969, properties: {}}::edge)",
                "CALL ag_catalog.age_vle('%s', null, null, null, null, null, null) YIELD edges RETURN edges",
                "RETURN vertex_stats('%s')",
                "RETURN pg_catalog.set_config('hq.tenant', 'main', true)")) {
            Response answer = post(ELSEWHERE, Map.of("query", attack.formatted(ours)));
            assertThat(answer.statusCode()).as(attack).isEqualTo(422);
            assertThat(answer.asString()).doesNotContain(name);
        }
        // And where a text got past us, the role that runs it has none of them, nor any table of ours
        try (Connection connection = TestPostgres.shared().connectAs("graph");
                var statement = connection.createStatement()) {
            statement.execute("SET ROLE graph_cypher");
            for (String denied : List.of(
                    "SELECT ag_catalog.age_startnode('\"" + ours + "\"'::ag_catalog.agtype, 'null'::ag_catalog.agtype)",
                    "SELECT * FROM graph.nodes",
                    "SELECT * FROM graph.v_nodes",
                    "SELECT * FROM graph.cypher_rows",
                    "DELETE FROM " + ours + "._ag_label_vertex",
                    "CREATE TABLE " + ours + ".x ()")) {
                org.assertj.core.api.Assertions.assertThatThrownBy(() -> statement.execute(denied))
                        .as(denied)
                        .hasMessageContaining("permission denied");
            }
        }
    }

    @Test
    void shouldChangeNothingWhenAQueryWouldWrite() {
        String name = unique("kept");
        OWNER.mutate(CHAIN, name);
        String slug = "t-" + name;
        for (String write : List.of(
                "CREATE (t:task {title: 'evil'}) RETURN t",
                "CREATE (t:brand_new_label) RETURN t",
                "MERGE (t:task {slug: 'evil'}) RETURN t",
                "MATCH (t:task {slug: $slug}) SET t.title = 'evil' RETURN t",
                "MATCH (t:task {slug: $slug}) SET t.title = 'evil'",
                "MATCH (t:task {slug: $slug}) REMOVE t.title RETURN t",
                "MATCH (t:task {slug: $slug}) DETACH DELETE t",
                "MATCH (t:task {slug: $slug}) WITH t SET t = {} WITH t RETURN t.title AS title UNION MATCH (x:task) RETURN x.title AS title")) {
            Response answer = post(OWNER, Map.of("query", write, "parameters", Map.of("slug", slug)));
            assertThat(answer.statusCode()).as(write + ": " + answer.asString()).isEqualTo(403);
            assertThat(answer.path("code").toString()).isEqualTo("denied");
        }
        assertThat(texts(ask(OWNER, "MATCH (t:task {slug: $slug}) RETURN t.slug, t.version", "slug", slug)))
                .containsExactly(slug, "1");
        assertThat(ask(OWNER, "MATCH (t:task) WHERE t.title = $slug RETURN t", "slug", "evil")
                        .rows())
                .isEmpty();
    }

    @Test
    void shouldSayWhatIsWrongWhenAQueryIs() {
        for (String wrong : List.of("MATCH (t:task", "RETURN nonsense", "RETURN 1 / 0", "MATCH (t) RETURN $x")) {
            Response answer = post(OWNER, Map.of("query", wrong));
            assertThat(answer.statusCode()).as(wrong + ": " + answer.asString()).isEqualTo(422);
        }
    }

    @Test
    void shouldForgetInTheSameMomentWhenAPersonIsErased() throws SQLException {
        // Given: a person is in the graph
        String name = unique("person").replace("-", "");
        String contact = OWNER.mutate(CHAIN, name).byRef("c").id();
        assertThat(ask(OWNER, "MATCH (c:contact {name: $n}) RETURN c", "n", name)
                        .rows())
                .hasSize(1);
        assertThat(copies(name)).isPositive();
        // When
        Response erased =
                OWNER.request().body("{\"person\": \"" + contact + "\"}").post("/v1/erasures");
        assertThat(erased.statusCode()).as(erased.asString()).isEqualTo(200);
        // Then: without a further question
        assertThat(copies(name + "@example.org")).isZero();
        assertThat(ask(OWNER, "MATCH (c:contact {name: $n}) RETURN c", "n", name)
                        .rows())
                .isEmpty();
    }

    /** How many vertices of the tenant's graph hold the word. */
    private static long copies(String word) throws SQLException {
        try (Connection connection = TestPostgres.shared().connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM " + graphOf("main")
                        + "._ag_label_vertex WHERE ag_catalog.agtype_out(properties)::text LIKE '%" + word + "%'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static String graphOf(String tenant) throws SQLException {
        try (Connection connection = TestPostgres.shared().connect();
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT graph FROM graph.cypher_graphs WHERE tenant_id = '" + tenant + "'")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static List<String> texts(Cypher.Result found) {
        assertThat(found.rows()).hasSize(1);
        return found.rows().getFirst().stream()
                .map(value -> value.isNull() ? "" : value.asText())
                .toList();
    }

    private static Cypher.Result ask(GraphApi api, String query, String name, String value) {
        return answered(api, Map.of("query", query, "parameters", Map.of(name, value)));
    }

    private static Cypher.Result answered(GraphApi api, Map<String, ?> body) {
        Response answer = post(api, body);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return Json.read(answer.asString(), Cypher.Result.class);
    }

    private static Response post(GraphApi api, Map<String, ?> body) {
        return api.request().body(Json.write(body)).post("/v1/cypher");
    }
}
