package org.capitania.registry.curation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.GraphTypes;
import org.capitania.contract.api.MutationResult;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.Test;

/** What one company has added to a type may be said to its tools, and to nobody else's. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class FittedToolsIT {
    private static final String OTHER = "other";

    @Test
    void shouldTakeTheStatusesAndPropsOfTheCompanyAndOfNoOther() {
        try (FakePeers peers = FakePeers.listen()) {
            new FakeGraph(peers);
            // What is everybody's stays what other tests have, who share this process
            peers.on("GET", "/v1/types", r -> r.tenant().equals(OTHER) ? extended() : FakeGraph.types());
            peers.on(
                    "POST",
                    "/v1/mutations",
                    r -> new MutationResult(
                            List.of(new MutationResult.OpResult("create", "it", "t-1", "task:t", 1, true, true)),
                            "e-1"));
            Map<String, Object> list = Map.of("action", "list", "status", "at_the_printer");
            Map<String, Object> create =
                    Map.of("action", "create", "title", "Print it", "props", Map.of("shelf", "B2"));
            // Then: as the definition says
            JsonNode task =
                    definition(as(OTHER, "user:elsewhere").get("/v1/tools").asString());
            assertThat(task.at("/properties/props/properties/shelf/maxLength").asInt())
                    .isPositive();
            assertThat(task.at("/properties/props/properties/shelf").has("x-own"))
                    .isFalse();
            assertThat(task.at("/properties/status/enum").toString()).contains("at_the_printer");
            assertThat(call(list).path("status").asText()).isEqualTo("done");
            assertThat(call(create).path("status").asText()).isEqualTo("done");
            assertThat(Json.tree(peers.requests("POST", "/v1/mutations")
                                    .getLast()
                                    .body())
                            .at("/ops/0/props/shelf")
                            .asText())
                    .isEqualTo("B2");
            assertThat(call(Map.of("action", "create", "title", "Print it", "props", Map.of("room", "B2")))
                            .at("/error/code")
                            .asText())
                    .isEqualTo("schema_violation");
            // And: elsewhere it is what it was
            JsonNode plain = definition(Fleet.as("user:owner").get("/v1/tools").asString());
            assertThat(plain.path("properties").has("props")).isFalse();
            for (Map<String, Object> arguments : List.of(list, create)) {
                assertThat(Fleet.refusal(Fleet.owner("hq_task", "owner-" + UUID.randomUUID(), arguments)))
                        .isEqualTo("schema_violation");
            }
        }
    }

    private static GraphTypes extended() {
        JsonNode schema = Json.read("""
                {"properties": {"title": {"type": "string"}, "shelf": {"type": "string", "x-own": true, "x-sensitivity": "personal"}},
                 "x-statuses": ["open", "in_progress", "blocked", "done", "cancelled", "at_the_printer"],
                 "x-own-values": {"x-statuses": ["at_the_printer"]}}
                """, JsonNode.class);
        return new GraphTypes(List.of(new GraphTypes.Type("task", "Task", "Work", schema)), List.of());
    }

    private static JsonNode definition(String tools) {
        for (JsonNode tool : Json.read(tools, JsonNode.class).path("tools")) {
            if (tool.path("name").asText().equals("hq_task")) {
                return tool.path("input_schema");
            }
        }
        throw new AssertionError("no hq_task among " + tools);
    }

    private static JsonNode call(Map<String, Object> arguments) {
        return Json.read(
                as(OTHER, "user:elsewhere")
                        .body(Json.write(Map.of("call_id", "other-" + UUID.randomUUID(), "arguments", arguments)))
                        .post("/v1/tools/hq_task/calls")
                        .asString(),
                JsonNode.class);
    }

    private static RequestSpecification as(String tenant, String principal) {
        return given().contentType(ContentType.JSON)
                .auth()
                .oauth2(TestTokens.bearer(principal, Service.TOOL_REGISTRY, tenant));
    }
}
