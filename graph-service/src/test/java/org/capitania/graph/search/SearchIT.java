package org.capitania.graph.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.GraphSearch;
import org.capitania.contract.api.MutationResult;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class SearchIT {
    @Test
    void shouldNarrowByEachFilter() {
        // Given
        String mark = unique("ff").replace("-", "");
        MutationResult made = OWNER.mutate("""
                {"ops": [
                  {"op": "create", "ref": "p", "type": "producer", "props": {"name": "Scanner", "kind": "external_system"}},
                  {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Frama"}},
                  {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Ana"}},
                  {"op": "create", "ref": "t", "type": "task", "status": "done", "props": {"title": "Paint %1$s"}, "tags": ["red", "blue"]},
                  {"op": "create", "ref": "u", "type": "task", "props": {"title": "Paint again %1$s"}, "tags": ["red"]},
                  {"op": "create", "ref": "i", "type": "interaction", "props": {"channel": "email", "subject": "Paint %1$s"},
                   "occurred_at": "2020-05-01T00:00:00Z", "producer": "@p"},
                  {"op": "link", "type": "works_for", "from": "@c", "to": "@e"},
                  {"op": "link", "type": "from", "from": "@i", "to": "@c"}]}""", mark);
        String task = made.byRef("t").id();
        String other = made.byRef("u").id();
        String mail = made.byRef("i").id();
        Instant year = Instant.parse("2021-01-01T00:00:00Z");
        // Then
        String query = "paint " + mark;
        assertThat(ids(new GraphSearch(query, null, null))).containsExactlyInAnyOrder(task, other, mail);
        assertThat(ids(new GraphSearch(query, List.of("task"), null))).containsExactlyInAnyOrder(task, other);
        assertThat(ids(new GraphSearch(query, null, List.of("done", "lost"), null, null, null, null, null, null)))
                .containsExactly(task);
        assertThat(ids(new GraphSearch(query, null, null, List.of("red", "blue"), null, null, null, null, null)))
                .containsExactly(task);
        assertThat(ids(new GraphSearch(query, null, null, null, made.byRef("p").slug(), null, null, null, null)))
                .containsExactly(mail);
        assertThat(ids(new GraphSearch(
                        query, null, null, null, null, made.byRef("e").id(), null, null, null)))
                .containsExactly(mail);
        assertThat(ids(new GraphSearch(query, null, null, null, null, null, year, null, null)))
                .containsExactlyInAnyOrder(task, other);
        assertThat(ids(new GraphSearch(query, null, null, null, null, null, null, year, null)))
                .containsExactly(mail);
        assertThat(OWNER.request()
                        .body("{\"query\": \"x\", \"entity\": \"no-such-entity\"}")
                        .post("/v1/search")
                        .statusCode())
                .isEqualTo(404);
        assertThat(OWNER.request()
                        .body("{\"query\": \"x\", \"types\": [\"no_such_type\"]}")
                        .post("/v1/search")
                        .statusCode())
                .isEqualTo(422);
        for (String filter : List.of("statuses\": [\"a\\u0000\"]", "tags\": [\"\\u0000\"]")) {
            assertThat(OWNER.request()
                            .body("{\"query\": \"x\", \"" + filter + "}")
                            .post("/v1/search")
                            .statusCode())
                    .as(filter)
                    .isEqualTo(422);
        }
    }

    @Test
    void shouldFindWhatAgentsLeaveOfTheirWorkWhenItsTypeIsNamedOnly() {
        // Given
        String mark = unique("gg").replace("-", "");
        MutationResult made = OWNER.mutate("""
                {"ops": [
                  {"op": "create", "ref": "m", "type": "memo", "props": {"title": "Paint %1$s"}},
                  {"op": "create", "ref": "t", "type": "reasoning_trace", "props": {"output_md": "Paint %1$s"}}]}""", mark);
        // Then
        assertThat(ids(new GraphSearch(mark, null, null)))
                .containsExactly(made.byRef("m").id());
        assertThat(ids(new GraphSearch(mark, List.of("reasoning_trace", "memo"), null)))
                .containsExactlyInAnyOrder(made.byRef("m").id(), made.byRef("t").id());
    }

    @Test
    void shouldMarkTheMatchAndNothingElseWhenTheTextIsHostile() {
        // Given
        String mark = unique("hh").replace("-", "");
        OWNER.mutate("""
                {"ops": [{"op": "create", "type": "memo", "props": {"title": "M",
                  "body_md": "<script>alert(1)</script> **bold** \\ue000 and \\u202e *%1$s* & <b>%1$s</b>"}}]}""", mark);
        // When
        String snippet = OWNER.search(mark).items().getFirst().snippet();
        // Then
        assertThat(snippet).contains("**" + mark + "**").contains("&amp;");
        assertThat(snippet).doesNotContain("<", ">", "\u202e", "\ue000", "**bold", "***");
    }

    private static List<String> ids(GraphSearch search) {
        String answer =
                OWNER.request().body(Json.write(search)).post("/v1/search").asString();
        return Json.read(answer, GraphSearch.Results.class).items().stream()
                .map(GraphSearch.Hit::id)
                .toList();
    }
}
