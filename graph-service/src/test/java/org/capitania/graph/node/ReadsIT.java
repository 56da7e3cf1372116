package org.capitania.graph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.GraphSearch;
import org.capitania.contract.api.GraphStats;
import org.capitania.contract.api.GraphTypes;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.Timeline;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class ReadsIT {

    @Test
    void shouldFindNodesWhenPropsTagsOrWordsAreGiven() {
        // Given
        String domain = unique("moinho") + ".example";
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "e", "type": "entity", "props": {"name": "Moinho", "domains": ["a.example", "%1$s"]}, "tags": ["%1$s"]},
                         {"op": "create", "ref": "i", "type": "invoice", "props": {"number": "%1$s", "total": 12.50, "summary": "Manutenção de março"}},
                         {"op": "create", "ref": "x", "type": "entity", "props": {"name": "Old", "domains": ["%1$s"]}},
                         {"op": "archive", "id": "@x"}]}""", domain);
        // Then
        assertThat(ids(Map.of("type", "entity", "prop.domains", domain)))
                .containsExactly(made.byRef("e").id());
        assertThat(ids(Map.of("type", "entity", "prop.domains", domain, "archived", "true")))
                .hasSize(2);
        assertThat(ids(Map.of("tag", domain))).containsExactly(made.byRef("e").id());
        assertThat(ids(Map.of("type", "invoice,entity", "prop.number", domain)))
                .containsExactly(made.byRef("i").id());
        assertThat(ids(Map.of("prop.total", "12.5", "prop.number", domain)))
                .containsExactly(made.byRef("i").id());
        assertThat(ids(Map.of("q", "manutencao " + domain)))
                .containsExactly(made.byRef("i").id());
        assertThat(pages(
                        "type=entity&prop.domains=" + domain + "&archived=true&limit=1",
                        "type=invoice&least.total=12.5&q=manutencao+" + domain,
                        "status=none&tainted=true&tag=" + domain))
                .satisfiesExactly(
                        page -> assertThat(page.next())
                                .isEqualTo(page.items().getFirst().id()),
                        page -> assertThat(page.items())
                                .extracting(NodeView::id)
                                .containsExactly(made.byRef("i").id()),
                        page -> assertThat(page.items()).isEmpty());
        for (String wrong :
                List.of("type=entity&as_of=2026-01-01T00:00:00Z", "q=100%", "limit=1.5", "limit=4294967297")) {
            assertThat(OWNER.request()
                            .queryParam("query", wrong)
                            .get("/v1/node-pages")
                            .statusCode())
                    .as(wrong)
                    .isEqualTo(422);
        }
        assertThat(OWNER.request()
                        .queryParam("query", List.of("limit=500", "limit=500", "limit=1"))
                        .get("/v1/node-pages")
                        .statusCode())
                .isEqualTo(422);
        String producer = OWNER.get("/v1/nodes/" + made.byRef("i").id(), Map.of(), NodeView.Detail.class)
                .node()
                .producerId();
        assertThat(ids(Map.of("producer", producer, "tag", domain)))
                .containsExactly(made.byRef("e").id());
        assertThat(ids(Map.of("producer", made.byRef("e").id()))).isEmpty();
        assertThat(OWNER.request()
                        .queryParam("producer", "owner")
                        .get("/v1/nodes")
                        .statusCode())
                .isEqualTo(422);
        assertThat(OWNER.request()
                        .queryParam("type", "entity")
                        .queryParam("prop.colour", "red")
                        .get("/v1/nodes")
                        .statusCode())
                .isEqualTo(422);
        assertThat(OWNER.request().queryParam("limit", "0").get("/v1/nodes").statusCode())
                .isEqualTo(422);
    }

    @Test
    void shouldFindNodesByWhatTheyAreLinkedTo() {
        String tag = unique("driven");
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "o", "type": "contact", "slug": "contact-%1$s", "props": {"name": "Rui"}},
                         {"op": "create", "ref": "a", "type": "task", "tags": ["%1$s"], "props": {"title": "A"}},
                         {"op": "create", "ref": "b", "type": "task", "tags": ["%1$s"], "props": {"title": "B"}},
                         {"op": "create", "ref": "c", "type": "task", "tags": ["%1$s"], "props": {"title": "C"}},
                         {"op": "link", "type": "driven_by", "from": "@a", "to": "@o"},
                         {"op": "link", "type": "driven_by", "from": "@b", "to": "@o"},
                         {"op": "link", "type": "about", "from": "@c", "to": "@o"}]}""", tag);
        String both = made.byRef("b").id() + " " + made.byRef("a").id();
        for (String ref : List.of("contact-" + tag, made.byRef("o").id())) {
            assertThat(String.join(" ", ids(Map.of("type", "task", "to.driven_by", ref))))
                    .isEqualTo(both);
        }
        OWNER.mutate("""
                {"ops": [{"op": "unlink", "type": "driven_by", "from": "%s", "to": "%s"}]}""", made.byRef("b").id(), made.byRef("o").id());
        assertThat(pages("type=task&to.driven_by=contact-" + tag, "to.driven_by=nobody"))
                .satisfiesExactly(
                        page -> assertThat(page.items())
                                .extracting(NodeView::id)
                                .containsExactly(made.byRef("a").id()),
                        page -> assertThat(page.items()).isEmpty());
        for (Map<String, String> wrong : List.of(
                Map.of("to.carried_by", "nobody"), Map.of("to.driven_by", "nobody", "as_of", "2026-01-01T00:00:00Z"))) {
            assertThat(OWNER.request().queryParams(wrong).get("/v1/nodes").statusCode())
                    .isEqualTo(422);
        }
    }

    @Test
    void shouldFindNodesByWhatAPropIsAtLeastAndByTaint() {
        String tag = unique("salient");
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "a", "type": "memory_entry", "tags": ["%1$s"], "props": {"kind": "fact", "body_md": "A", "salience": 0.3}},
                         {"op": "create", "ref": "b", "type": "memory_entry", "tags": ["%1$s"], "tainted": true,
                          "props": {"kind": "fact", "body_md": "B", "salience": 0.75}},
                         {"op": "create", "ref": "c", "type": "memory_entry", "tags": ["%1$s"], "props": {"kind": "fact", "body_md": "C", "salience": 0.29}},
                         {"op": "create", "ref": "d", "type": "memory_entry", "tags": ["%1$s"], "props": {"kind": "fact", "body_md": "D"}}]}""", tag);
        String type = "memory_entry";
        assertThat(ids(Map.of("type", type, "tag", tag, "least.salience", "0.3")))
                .containsExactly(made.byRef("b").id(), made.byRef("a").id());
        assertThat(ids(Map.of("type", type, "tag", tag, "least.salience", "0.3", "tainted", "false")))
                .containsExactly(made.byRef("a").id());
        assertThat(ids(Map.of("tag", tag, "tainted", "true")))
                .containsExactly(made.byRef("b").id());
        for (String[] wrong : new String[][] {{"least.salience", "much"}, {"least.colour", "1"}}) {
            assertThat(OWNER.request()
                            .queryParam("type", type)
                            .queryParam(wrong[0], wrong[1])
                            .get("/v1/nodes")
                            .statusCode())
                    .as(wrong[0])
                    .isEqualTo(422);
        }
    }

    @Test
    void shouldListSeveralStatusesWhenAskedForThem() {
        String tag = unique("statuses");
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "o", "type": "expectation", "status": "open", "tags": ["%1$s"],
                          "props": {"kind": "sla", "direction": "we_owe", "description_md": "A"}},
                         {"op": "create", "ref": "l", "type": "expectation", "status": "overdue", "tags": ["%1$s"],
                          "props": {"kind": "sla", "direction": "we_owe", "description_md": "B"}},
                         {"op": "create", "ref": "r", "type": "expectation", "status": "resolved", "tags": ["%1$s"],
                          "props": {"kind": "sla", "direction": "we_owe", "description_md": "C"}}]}""", tag);
        assertThat(ids(Map.of("type", "expectation", "tag", tag, "status", "open,overdue")))
                .containsExactly(made.byRef("l").id(), made.byRef("o").id());
        assertThat(ids(Map.of("type", "expectation", "tag", tag, "status", "resolved")))
                .containsExactly(made.byRef("r").id());
    }

    @Test
    void shouldPageThroughAllWhenTheListIsLong() {
        // Given
        String tag = unique("page");
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            made.addFirst(OWNER.mutate(
                            "{\"ops\": [{\"op\": \"create\", \"ref\": \"t\", \"type\": \"task\", \"props\": {\"title\": \"T\"}, \"tags\": [\"%s\"]}]}",
                            tag)
                    .byRef("t")
                    .id());
        }
        // When
        List<String> seen = new ArrayList<>();
        String after = null;
        do {
            NodeView.Page page = OWNER.get(
                    "/v1/nodes",
                    after == null ? Map.of("tag", tag, "limit", 3) : Map.of("tag", tag, "limit", 3, "after", after),
                    NodeView.Page.class);
            page.items().forEach(node -> seen.add(node.id()));
            after = page.next();
        } while (after != null);
        // Then
        assertThat(seen).isEqualTo(made);
    }

    @Test
    void shouldPageThroughEdgesWhenANodeHasMany() {
        // Given
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "p", "type": "project", "props": {"name": "P"}},
                         {"op": "create", "ref": "a", "type": "task", "props": {"title": "A"}}, {"op": "create", "ref": "b", "type": "task", "props": {"title": "B"}},
                         {"op": "link", "type": "has_task", "from": "@p", "to": "@a"}, {"op": "link", "type": "has_task", "from": "@p", "to": "@b"},
                         {"op": "link", "type": "related_to", "from": "@a", "to": "@p"}]}""");
        String path = "/v1/nodes/" + made.byRef("p").slug() + "/edges";
        // Then
        EdgeView.Page first = OWNER.get(path, Map.of("limit", 2), EdgeView.Page.class);
        EdgeView.Page second = OWNER.get(path, Map.of("limit", 2, "after", first.next()), EdgeView.Page.class);
        assertThat(first.items()).hasSize(2);
        assertThat(second.items()).hasSize(1);
        assertThat(second.next()).isNull();
        assertThat(OWNER.get(path, Map.of("direction", "in"), EdgeView.Page.class)
                        .items())
                .singleElement()
                .satisfies(edge -> assertThat(edge.direction()).isEqualTo(EdgeView.Direction.IN));
        assertThat(OWNER.get(path, Map.of("type", "has_task"), EdgeView.Page.class)
                        .items())
                .hasSize(2);
    }

    @Test
    void shouldFindByWordsInBothLanguagesAndByNamesWhenSearched() {
        // Given
        String mark = unique("zq").replace("-", "");
        MutationResult made = OWNER.mutate("""
                {"ops": [
                  {"op": "create", "ref": "pt", "type": "interaction", "props": {"channel": "email", "subject": "Proposta %1$s", "language": "pt", "body_text": "Os preços das manutenções são para o próximo mês"}},
                  {"op": "create", "ref": "en", "type": "interaction", "props": {"channel": "email", "subject": "Offer %1$s", "body_text": "We are sending you the invoices that were promised for the deliveries"}},
                  {"op": "create", "ref": "name", "type": "entity", "props": {"name": "Conceição%1$s Ferragens"}}]}""", mark);
        // Then
        assertThat(search("manutencao preco " + mark))
                .first()
                .isEqualTo(made.byRef("pt").id());
        assertThat(search("promising an invoice " + mark))
                .first()
                .isEqualTo(made.byRef("en").id());
        // A slip of the fingers still finds a name.
        assertThat(search("conceicao" + mark + " feragens"))
                .first()
                .isEqualTo(made.byRef("name").id());
        GraphSearch.Results results = OWNER.search("deliveries " + mark, "interaction");
        assertThat(results.legs()).containsExactly("text", "trigram");
        assertThat(results.items().getFirst().snippet()).contains("**deliveries**");
        for (String word : List.of("manutencao", "manutenção", "manutenções")) {
            assertThat(OWNER.search(word + " " + mark, "interaction")
                            .items()
                            .getFirst()
                            .snippet())
                    .as(word)
                    .contains("**manutenções**");
        }
        assertThat(OWNER.request().body("{\"query\": \" \"}").post("/v1/search").statusCode())
                .isEqualTo(422);
        // Signs of a query language are no words.
        assertThat(search("'\"(((&|!:* \\ " + mark))
                .contains(made.byRef("pt").id(), made.byRef("en").id());
    }

    @Test
    void shouldTellWhatHappenedWhenAskedForTheTimeLineOfAnEntity() {
        // Given
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "e", "type": "entity", "props": {"name": "Moinho"}},
                         {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Ana"}},
                         {"op": "create", "ref": "m", "type": "interaction", "props": {"channel": "email", "subject": "One"}, "occurred_at": "2026-01-02T00:00:00Z"},
                         {"op": "create", "ref": "i", "type": "invoice", "props": {"number": "7"}, "occurred_at": "2026-01-01T00:00:00Z"},
                         {"op": "link", "type": "works_for", "from": "@c", "to": "@e"},
                         {"op": "link", "type": "from", "from": "@m", "to": "@c"},
                         {"op": "link", "type": "billed_to", "from": "@i", "to": "@e"}]}""");
        // When
        Timeline timeline =
                OWNER.get("/v1/timeline", Map.of("about", made.byRef("e").slug()), Timeline.class);
        // Then
        assertThat(timeline.items())
                .extracting(Timeline.Entry::id)
                .containsExactly(made.byRef("m").id(), made.byRef("i").id());
        assertThat(timeline.items().getFirst().via()).startsWith("from contact-ana");
        Timeline first =
                OWNER.get("/v1/timeline", Map.of("about", made.byRef("e").id(), "limit", 1), Timeline.class);
        assertThat(OWNER.get(
                                "/v1/timeline",
                                Map.of(
                                        "about",
                                        made.byRef("e").id(),
                                        "before",
                                        first.next().toString()),
                                Timeline.class)
                        .items())
                .extracting(Timeline.Entry::id)
                .containsExactly(made.byRef("i").id());
    }

    @Test
    void shouldAnswerWithTypesStatsAndWhatIsNotThereYet() {
        GraphTypes types = OWNER.get("/v1/types", Map.of(), GraphTypes.class);
        assertThat(types.nodes()).hasSizeGreaterThanOrEqualTo(37);
        assertThat(types.edges()).extracting(GraphTypes.Type::name).contains("works_for", "driven_by", "produced_by");
        assertThat(OWNER.get("/v1/stats", Map.of(), GraphStats.class).nodes()).isPositive();
        assertThat(OWNER.get("/v1/stats/producers", Map.of(), GraphStats.Throughputs.class)
                        .items())
                .isNotEmpty()
                .allSatisfy(source -> assertThat(source.day()).isBetween(1L, source.week()));
        Awaitility.await()
                .until(() -> OWNER.get("/v1/stats", Map.of(), GraphStats.class).outboxLag() == 0);
        assertThat(OWNER.request().body("{}").post("/v1/rollbacks").jsonPath().getString("code"))
                .isEqualTo("schema_violation");
        assertThat(io.restassured.RestAssured.given().get("/v1/stats").statusCode())
                .isEqualTo(401);
    }

    private static List<String> search(String words) {
        return OWNER.search(words).items().stream().map(GraphSearch.Hit::id).toList();
    }

    private static List<NodeView.Page> pages(String... queries) {
        return OWNER.get("/v1/node-pages", Map.of("query", List.of(queries)), NodeView.Pages.class)
                .items();
    }

    private static List<String> ids(Map<String, ?> query) {
        return OWNER.get("/v1/nodes", query, NodeView.Page.class).items().stream()
                .map(NodeView::id)
                .toList();
    }
}
