package org.capitania.graph.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.Map;
import org.capitania.contract.api.GraphTypes;
import org.capitania.contract.api.NodeView;
import org.capitania.graph.DirectSql;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class OwnTypesIT {
    private static final GraphApi ELSEWHERE = new GraphApi("user:elsewhere", "other");
    private static final GraphApi CLIENT = new GraphApi("client:test", "main");

    @Test
    void shouldKnowATypeAtOnceWhenTheOwnerHasDefinedIt() {
        // Given
        String type = unique("vessel").replace('-', '_');
        String create = "{\"ops\": [{\"op\": \"create\", \"ref\": \"v\", \"type\": \"" + type
                + "\", \"props\": {\"name\": \"Nau\", \"berth\": \"A\"}}]}";
        assertThat(OWNER.post(create).statusCode()).isEqualTo(422);
        // When
        Response defined = define(OWNER, "node", type, """
                {"title": "Vessel", "required": ["name"], "x-slug": ["name"], "x-statuses": ["afloat", "ashore"], "x-default-status": "afloat",
                 "properties": {"name": {"type": "string"}, "berth": {"type": "string", "enum": ["A", "B"]}}}""");
        // Then
        assertThat(defined.statusCode()).as(defined.asString()).isEqualTo(200);
        NodeView node = OWNER.node(OWNER.mutate(create).byRef("v").id()).node();
        assertThat(node.status()).isEqualTo("afloat");
        assertThat(node.slug()).endsWith("-nau");
        assertThat(OWNER.post(create.replace("\"A\"", "\"Z\"")).statusCode()).isEqualTo(422);
        assertThat(OWNER.get("/v1/nodes", Map.of("type", type), NodeView.Page.class)
                        .items())
                .hasSize(1);
        assertThat(OWNER.get("/v1/types", Map.of(), GraphTypes.class).nodes())
                .anySatisfy(shown -> assertThat(shown.name()).isEqualTo(type));
        // And: nobody else has it.
        assertThat(ELSEWHERE.post(create).statusCode()).isEqualTo(422);
        assertThat(ELSEWHERE.get("/v1/types", Map.of(), GraphTypes.class).nodes())
                .noneSatisfy(shown -> assertThat(shown.name()).isEqualTo(type));
    }

    @Test
    void shouldSeeATypeOfAnotherReplicaWhenABatchNamesIt() throws SQLException {
        // Given: this process has read the types
        String type = unique("crate").replace('-', '_');
        OWNER.mutate("{\"ops\": [{\"op\": \"create\", \"type\": \"task\", \"props\": {\"title\": \"T\"}}]}");
        // When: another one adds a type
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            sql.execute(
                    "INSERT INTO types (kind, name, revision, schema, actor) SELECT 'node', ?, coalesce(max(revision), 0) + 1, '{\"properties\": {\"n\": {\"type\": \"integer\"}}}', 'user:owner' FROM types",
                    type);
            sql.commit();
        }
        // Then
        assertThat(OWNER.mutate(
                                "{\"ops\": [{\"op\": \"create\", \"ref\": \"c\", \"type\": \"%s\", \"props\": {\"n\": 1}}]}",
                                type)
                        .byRef("c")
                        .created())
                .isTrue();
    }

    @Test
    void shouldRefuseWhenADefinitionTakesAway() {
        // Given
        String prop = unique("colour").replace('-', '_');
        String schema = "{\"properties\": {\"" + prop + "\": {\"type\": \"string\", \"enum\": [\"red\", \"blue\"]}}}";
        // The owner's earlier additions to the same type have to be said again.
        String type = unique("paint").replace('-', '_');
        assertThat(define(OWNER, "node", type, schema).statusCode()).isEqualTo(200);
        // When
        Response narrowed = define(OWNER, "node", type, schema.replace(", \"blue\"", ""));
        // Then
        assertThat(narrowed.statusCode()).isEqualTo(422);
        assertThat(narrowed.asString()).contains("/schema/properties/" + prop + "/enum", "blue");
        assertThat(define(OWNER, "node", type, schema.replace("\"blue\"", "\"blue\", \"green\""))
                        .statusCode())
                .isEqualTo(200);
        assertThat(define(OWNER, "node", "task", "{\"properties\": {\"title\": {\"type\": \"integer\"}}}")
                        .asString())
                .contains("/schema/properties/title");
        assertThat(define(OWNER, "node", "task", "{\"x-mirror\": true}").statusCode())
                .isEqualTo(422);
        assertThat(define(OWNER, "edge", "moors_at", "{\"x-from\": [\"nope\"], \"x-to\": [\"task\"]}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(define(OWNER, "node", "No", "{}").statusCode()).isEqualTo(422);
        assertThat(define(OWNER, "thing", "yes", "{}").statusCode()).isEqualTo(422);
        assertThat(define(CLIENT, "node", type, schema).statusCode()).isEqualTo(403);
    }

    @Test
    void shouldAcceptAnOwnPropWhenATypeOfEveryCompanyIsExtended() {
        // Given: tests share the tenant, so only one of them extends shopify_order
        Response defined = define(
                OWNER,
                "node",
                "shopify_order",
                "{\"properties\": {\"gift_wrap\": {\"type\": \"boolean\"}}, \"x-statuses\": [\"wrapped\"]}");
        // Then
        assertThat(defined.statusCode()).isEqualTo(200);
        assertThat(defined.jsonPath().getList("schema.x-statuses")).contains("wrapped");
        assertThat(defined.jsonPath().getList("schema.x-own-values.x-statuses")).containsExactly("wrapped");
        String order =
                "{\"ops\": [{\"op\": \"create\", \"ref\": \"o\", \"type\": \"shopify_order\", \"props\": {\"number\": \"1\", \"gift_wrap\": true}}]}";
        assertThat(OWNER.mutate(order).byRef("o").created()).isTrue();
        assertThat(ELSEWHERE.post(order).asString()).contains("/props/gift_wrap");
    }

    private static Response define(GraphApi who, String kind, String name, String schema) {
        return who.request()
                .body("{\"kind\": \"" + kind + "\", \"name\": \"" + name + "\", \"schema\": " + schema + "}")
                .post("/v1/types");
    }
}
