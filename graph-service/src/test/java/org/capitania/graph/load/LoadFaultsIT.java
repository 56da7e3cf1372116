package org.capitania.graph.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;
import static org.capitania.graph.load.Files.count;
import static org.capitania.graph.load.Files.load;
import static org.capitania.graph.load.Files.post;
import static org.capitania.graph.load.Files.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.capitania.contract.Json;
import org.capitania.contract.api.LoadReport;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class LoadFaultsIT {

    @Test
    void shouldNameLinePathFoundAndAllowedWhenALineIsWrong() {
        load(OWNER, unique("first"), tasks(unique("first"), 1));
        String task =
                "{\"op\": \"create\", \"ref\": \"%1$s\", \"type\": \"task\", \"slug\": \"%2$s-%1$s\", \"props\": {\"title\": \"T\"}}";
        String good = String.join(
                "\n",
                task.formatted("a", "%1$s"),
                task.formatted("b", "%1$s"),
                "",
                "{\"op\": \"link\", \"type\": \"blocks\", \"from\": \"@a\", \"to\": \"@b\"}",
                "{\"op\": \"link\", \"type\": \"driven_by\", \"from\": \"@a\", \"to\": \"hq:root\"}",
                "");
        refused(good, "{\"op\": \"create\"", 422, "schema_violation", "/lines/6", "one JSON object");
        refused(good, "[]", 422, "schema_violation", "/lines/6", null);
        refused(good, "null", 422, "schema_violation", "/lines/6/op", "create, link");
        refused(good, "{\"op\": \"archive\", \"id\": \"@a\"}", 422, "schema_violation", "/lines/6/op", "create, link");
        refused(
                good,
                "{\"op\": \"link\", \"type\": \"blocks\", \"from\": \"@a\"}",
                422,
                "schema_violation",
                "/lines/6/to",
                "a text");
        refused(
                good,
                "{\"op\": \"create\", \"type\": \"task\", \"colour\": 1}",
                422,
                "schema_violation",
                "/lines/6/colour",
                "props");
        refused(
                good,
                "{\"op\": \"create\", \"type\": \"task\", \"props\": {\"title\": \"T\", \"colour\": \"red\"}}",
                422,
                "schema_violation",
                "/lines/6/props/colour",
                "title");
        refused(
                good,
                "{\"op\": \"create\", \"type\": \"task\", \"props\": {\"title\": \"\\u0000\"}}",
                422,
                "schema_violation",
                "/lines/6",
                "U+0000");
        refused(
                good,
                "{\"op\": \"create\", \"type\": \"task\", \"status\": \"odd\", \"props\": {\"title\": \"T\"}}",
                422,
                "schema_violation",
                "/lines/6/status",
                "in_progress");
        refused(good, "{\"op\": \"create\", \"type\": \"chore\"}", 422, "unknown_type", "/lines/6/type", "task");
        refused(
                good,
                "{\"op\": \"link\", \"type\": \"works_for\", \"from\": \"@a\", \"to\": \"@b\"}",
                422,
                "schema_violation",
                "/lines/6/from",
                "contact");
        refused(
                good,
                "{\"op\": \"link\", \"type\": \"related_to\", \"from\": \"@a\", \"to\": \"@nobody\"}",
                404,
                "not_found",
                "/lines/6/to",
                "earlier line");
        refused(
                good,
                "{\"op\": \"link\", \"type\": \"related_to\", \"from\": \"@a\", \"to\": \"task-nobody\"}",
                404,
                "not_found",
                "/lines/6/to",
                "slug");
        refused(good, task.formatted("a", "again"), 422, "schema_violation", "/lines/6/ref", "no other line");
        refused(
                good,
                "{\"op\": \"create\", \"type\": \"task\", \"slug\": \"%1$s-a\", \"props\": {\"title\": \"T\"}}",
                409,
                "duplicate",
                "/lines/6/slug",
                null);
        refused(good, "{\"op\": \"create\", \"type\": \"review\", \"props\": {}}", 403, "denied", null, null);
        // What only the store can see
        refused(
                good,
                "{\"op\": \"link\", \"type\": \"driven_by\", \"from\": \"@a\", \"to\": \"hq:user:owner\"}",
                409,
                "cardinality",
                "/lines/6/from",
                "at most 1");
        refused(
                good.replace("\"to\": \"hq:root\"", "\"to\": \"hq:root\", \"valid_to\": \"2199-01-01T00:00:00Z\""),
                "{\"op\": \"link\", \"type\": \"driven_by\", \"from\": \"@a\", \"to\": \"hq:user:owner\"}",
                409,
                "cardinality",
                "/lines/6/from",
                "at most 1");
        refused(
                good,
                "{\"op\": \"link\", \"type\": \"depends_on\", \"from\": \"@a\", \"to\": \"@b\"}",
                409,
                "cycle",
                "/lines/4",
                "no circle");
    }

    @Test
    void shouldGoOnWithTheMendedLineWhenAnEarlierChunkIsIn() {
        // Given: the first chunk is good
        String key = unique("mend");
        String good = tasks(key, 2500);
        String bad = good.replace("\"title\": \"2300 ", "\"colour\": \"2300 ");
        // When
        Response refused = post(OWNER, key, bad);
        // Then
        assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
        assertThat(refused.jsonPath().getString("errors[0].path")).startsWith("/lines/2300/props/");
        assertThat(refused.jsonPath().getString("hint")).contains("lines 1 to 2000 are loaded", key);
        assertThat(count(key)).isEqualTo(2000);
        // And
        LoadReport mended = load(OWNER, key, good);
        assertThat(mended.finished()).isTrue();
        assertThat(mended.nodes()).isEqualTo(2500);
        assertThat(count(key)).isEqualTo(2500);
    }

    /** A line after good ones is refused, nothing of them is in, and without it all of them are. */
    @Test
    void shouldLoadNothingWhenMoreThanThreeProjectsWouldBeInFocus() {
        // Given
        String key = unique("focus");
        StringBuilder file = new StringBuilder();
        for (int i = 1; i <= 4; i++) {
            file.append(
                    "{\"op\": \"create\", \"ref\": \"%1$d\", \"type\": \"project\", \"slug\": \"%2$s-%1$d\", \"priority\": \"focus\", \"props\": {\"name\": \"P\"}}\n"
                            .formatted(i, key));
        }
        // When
        Response refused = post(OWNER, key, file.toString());
        // Then
        assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(409);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("focus_cap");
        assertThat(refused.jsonPath().getString("detail")).contains("lines 1 to 4");
        assertThat(OWNER.request().get("/v1/nodes/" + key + "-1").statusCode()).isEqualTo(404);
    }

    private static void refused(String good, String line, int status, String code, String path, String allowed) {
        String key = unique("bad");
        String before = good.formatted(key);
        Response refused = post(OWNER, key, before + line.formatted(key) + "\n");
        assertThat(refused.statusCode()).as(line + " " + refused.asString()).isEqualTo(status);
        JsonNode problem = Json.read(refused.asString(), JsonNode.class);
        assertThat(problem.path("code").asText()).as(line).isEqualTo(code);
        assertThat(problem.path("detail").asText()).as(line).contains("line");
        assertThat(problem.path("hint").asText()).contains("nothing is loaded", key);
        if (path != null) {
            assertThat(problem.path("errors").path(0).path("path").asText())
                    .as(refused.asString())
                    .isEqualTo(path);
        }
        if (allowed != null) {
            assertThat(problem.path("errors").path(0).path("allowed").asText())
                    .as(refused.asString())
                    .contains(allowed);
        }
        assertThat(OWNER.request().get("/v1/nodes/" + key + "-a").statusCode()).isEqualTo(404);
        assertThat(load(OWNER, key, before).nodes()).isEqualTo(2);
    }
}
