package org.capitania.graph.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.Duplicates;
import org.capitania.contract.api.Duplicates.Pair;
import org.capitania.contract.api.Duplicates.Reason;
import org.capitania.contract.api.EdgeFaults;
import org.capitania.contract.api.EdgeFaults.Fault;
import org.capitania.contract.api.GraphStats;
import org.capitania.contract.api.MutationResult;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class ReconciliationIT {
    private final String tag = unique("x").substring(2);
    private final Instant began = Instant.now().minusSeconds(1);

    @Test
    void shouldFindEntitiesThatShareANameAndADomain() {
        // Given: one with an accent and a legal form, and somebody who works for the other
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "a", "type": "entity", "props": {"name": "Café %1$s, Lda.", "domains": ["cafe-%1$s.pt"]}},
                         {"op": "create", "ref": "b", "type": "entity", "props": {"name": "Cafe %1$s", "domains": ["CAFE-%1$s.pt"]}},
                         {"op": "create", "ref": "p", "type": "contact", "props": {"name": "Rui %1$s"}},
                         {"op": "link", "type": "works_for", "from": "@p", "to": "@b"}]}""", tag);
        // When
        Pair pair = only(pairs(OWNER, "entity"), made, "a", "b");
        // Then
        assertThat(pair.stays().id()).isEqualTo(made.byRef("b").id());
        assertThat(pair.reasons())
                .containsExactly(
                        new Reason("domain", "cafe-" + tag + ".pt", 0.6), new Reason("name", "cafe " + tag, 0.7));
        assertThat(pair.score()).isEqualTo(0.88);
        assertThat(pair.contradicts()).isEmpty();
        // And
        assertThat(pairs(new GraphApi("user:elsewhere", "other"), "entity"))
                .noneMatch(other -> other.stays().id().equals(pair.stays().id()));
    }

    @Test
    void shouldFindResemblingNamesAndHalveWhatContradicts() {
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "a", "type": "entity", "props": {"name": "Livraria Maravilhosa %1$s", "tax_id": "PT 501"}},
                         {"op": "create", "ref": "b", "type": "entity", "props": {"name": "Livraria Maravilha %1$s", "tax_id": "PT 502"}}]}""", tag);
        Pair pair = only(pairs(OWNER, "entity"), made, "a", "b");
        assertThat(pair.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.kind()).isEqualTo("similar_name");
            assertThat(reason.weight()).isBetween(0.48, 0.79);
        });
        assertThat(pair.contradicts()).containsExactly("tax_id");
        assertThat(pair.score())
                .isCloseTo(pair.reasons().getFirst().weight() / 2, org.assertj.core.data.Offset.offset(0.011));
    }

    @Test
    void shouldNotTakeForOneWhatSharesWhatManyHave() {
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "a", "type": "entity", "props": {"name": "Oficina %1$s", "domains": ["gmail.com"]}},
                         {"op": "create", "ref": "b", "type": "entity", "props": {"name": "Padaria do largo", "domains": ["gmail.com"]}},
                         {"op": "create", "ref": "c", "type": "entity", "props": {"name": "Nunca %1$s", "anti_match": true}},
                         {"op": "create", "ref": "d", "type": "entity", "props": {"name": "Nunca %1$s"}},
                         {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Antes %1$s", "domains": ["antes-%1$s.pt"]}},
                         {"op": "create", "ref": "f", "type": "entity", "props": {"name": "Antes %1$s", "domains": ["antes-%1$s.pt"]}},
                         {"op": "archive", "id": "@f"}]}""", tag);
        List<Pair> all = pairs(OWNER, "entity");
        assertThat(all).noneMatch(pair -> ids(pair).equals(ids(made, "a", "b")));
        assertThat(all).noneMatch(pair -> ids(pair).equals(ids(made, "c", "d")));
        assertThat(all).noneMatch(pair -> ids(pair).equals(ids(made, "e", "f")));
    }

    @Test
    void shouldFindPeopleByTheirAddressAndByTheirNameInOneCompany() {
        // Given
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "a", "type": "contact", "props": {"name": "Ana %1$s", "email": "ana@%1$s.pt"}},
                         {"op": "create", "ref": "b", "type": "contact", "props": {"name": "A. M.", "emails": ["ANA@%1$s.pt"]}},
                         {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Rui Brás %1$s"}},
                         {"op": "create", "ref": "d", "type": "contact", "props": {"name": "Rui Bras %1$s"}},
                         {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Casa %1$s"}},
                         {"op": "link", "type": "works_for", "from": "@c", "to": "@e"},
                         {"op": "link", "type": "works_for", "from": "@d", "to": "@e"}]}""", tag);
        // When
        List<Pair> all = pairs(OWNER, "contact");
        // Then
        assertThat(only(all, made, "a", "b").reasons())
                .containsExactly(new Reason("email", "ana@" + tag + ".pt", 0.95));
        Pair same = only(all, made, "c", "d");
        assertThat(same.reasons()).extracting(Reason::kind).containsExactly("name", "company");
        assertThat(same.score()).isEqualTo(0.8);
        // And: what nothing has changed of is not looked at again
        Instant later = Instant.now().plus(1, ChronoUnit.MINUTES);
        assertThat(pairs(OWNER, new Duplicates.Query("contact", later, 500, List.of())))
                .isEmpty();
        assertThat(asked(OWNER, new Duplicates.Query("task", null, 500, List.of()))
                        .statusCode())
                .isEqualTo(422);
        // And: what is left out takes no room
        String without = ids(made, "a", "b").stream().sorted().collect(Collectors.joining(":"));
        assertThat(pairs(OWNER, new Duplicates.Query("contact", began, 500, List.of(without))))
                .extracting(ReconciliationIT::ids)
                .contains(ids(made, "c", "d"))
                .doesNotContain(ids(made, "a", "b"));
        assertThat(asked(OWNER, new Duplicates.Query("contact", null, 500, List.of("a:b")))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void shouldNameEdgesThatCannotBeRight() {
        // Given
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "a", "type": "entity", "props": {"name": "Um %1$s"}},
                         {"op": "create", "ref": "b", "type": "entity", "props": {"name": "Outro %1$s"}},
                         {"op": "create", "ref": "p", "type": "contact", "props": {"name": "Eva %1$s"}},
                         {"op": "create", "ref": "q", "type": "contact", "props": {"name": "Ivo %1$s"}},
                         {"op": "create", "ref": "t", "type": "task", "props": {"title": "Ligar %1$s"}},
                         {"op": "link", "type": "driven_by", "from": "@t", "to": "@q"},
                         {"op": "link", "type": "supersedes", "from": "@p", "to": "@q"},
                         {"op": "link", "type": "supersedes", "from": "@q", "to": "@p"}]}""", tag);
        String a = made.byRef("a").id();
        String b = made.byRef("b").id();
        String p = made.byRef("p").id();
        String q = made.byRef("q").id();
        String merge = "{\"ops\": [{\"op\": \"merge\", \"id\": \"%s\", \"into\": \"%s\", \"proposal\": \"%s\"}]}"
                .formatted(a, b, unique("proposal"));
        assertThat(executor("user:owner", merge)).isEqualTo(200);
        // When: somebody still writes to the one that is gone, and both are the first company of the same person
        OWNER.mutate("""
                {"ops": [{"op": "link", "type": "works_for", "from": "%1$s", "to": "%2$s", "props": {"primary": true, "role": "buyer"}},
                         {"op": "link", "type": "works_for", "from": "%1$s", "to": "%3$s", "props": {"primary": true}},
                         {"op": "archive", "id": "%4$s"}]}""", p, a, b, q);
        // Then
        List<Fault> faults = OWNER.get("/v1/reconciliation/edges", Map.of(), EdgeFaults.class).items().stream()
                .filter(fault -> fault.sentence().contains(tag))
                .toList();
        assertThat(faults)
                .extracting(Fault::kind)
                .containsExactlyInAnyOrder("merged", "archived", "two_primaries", "circle");
        assertThat(faults)
                .filteredOn(fault -> fault.kind().equals("merged"))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.to().id()).isEqualTo(a);
                    assertThat(fault.instead()).extracting("id").isEqualTo(b);
                    assertThat(fault.props().path("role").asText()).isEqualTo("buyer");
                });
        assertThat(faults)
                .filteredOn(fault -> fault.kind().equals("archived"))
                .singleElement()
                .satisfies(fault -> assertThat(fault.type()).isEqualTo("driven_by"));
        assertThat(new GraphApi("user:elsewhere", "other")
                        .get("/v1/reconciliation/edges", Map.of(), EdgeFaults.class)
                        .items())
                .noneMatch(fault -> fault.sentence().contains(tag));
        // And: one that is stated anew in the same breath, without being the first, contradicts nothing
        OWNER.mutate("""
                {"ops": [{"op": "unlink", "type": "works_for", "from": "%1$s", "to": "%2$s"},
                         {"op": "link", "type": "works_for", "from": "%1$s", "to": "%2$s", "props": {"role": "seller"}}]}""", p, b);
        assertThat(OWNER.get("/v1/reconciliation/edges", Map.of(), EdgeFaults.class)
                        .items())
                .filteredOn(fault -> fault.sentence().contains(tag))
                .extracting(Fault::kind)
                .containsExactlyInAnyOrder("merged", "archived", "circle");
    }

    @Test
    void shouldCountTheWorkOfAnAgent() {
        // Given: tasks of one done in time, one done late, one not done, and one that has time
        assertThat(executor(
                        "agent:operator",
                        "{\"ops\": [{\"op\": \"create\", \"type\": \"memo\", \"props\": {\"title\": \"M %s\"}}]}"
                                .formatted(tag)))
                .isEqualTo(200);
        String driver = OWNER.node("hq:agent:operator").node().id();
        GraphStats.Work first = work();
        Instant now = Instant.now();
        for (String[] task :
                new String[][] {{"done", "2h", "-3h"}, {"done", "-2h", "-1h"}, {"open", "-2h", ""}, {"open", "2h", ""}
                }) {
            OWNER.mutate(
                    """
                    {"ops": [{"op": "create", "ref": "t", "type": "task", "status": "%s", "props": {"title": "T %s", "due_at": "%s"%s}},
                             {"op": "link", "type": "driven_by", "from": "@t", "to": "%s"}]}""",
                    task[0],
                    tag,
                    at(now, task[1]),
                    task[2].isEmpty() ? "" : ", \"done_at\": \"" + at(now, task[2]) + "\"",
                    driver);
        }
        GraphStats.Work before = work();
        assertThat(before.tasks()).isEqualTo(first.tasks() + 3);
        assertThat(before.tasksInTime()).isEqualTo(first.tasksInTime() + 1);
        // When: an ask was due two hours ago and is dealt with now; an example is taken over; a document becomes an
        // article
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "i", "type": "intent", "props": {"kind": "ask_reply", "explicit_due_at": "%2$s"}},
                         {"op": "create", "ref": "x", "type": "success_example", "props": {"title": "X %1$s"}},
                         {"op": "create", "ref": "d", "type": "document", "props": {"title": "D %1$s", "path": "raw/%1$s.pdf"}}]}""", tag, at(now, "-2h"));
        OWNER.mutate("""
                {"ops": [{"op": "patch", "id": "%2$s", "status": "fulfilled"},
                         {"op": "patch", "id": "%3$s", "status": "active"},
                         {"op": "create", "ref": "a", "type": "kb_article", "props": {"title": "A %1$s", "sources": ["raw/%1$s.pdf"]}}]}""", tag, made.byRef("i").id(), made.byRef("x").id());
        // Then
        GraphStats.Work after = work();
        assertThat(after.intents()).isEqualTo(before.intents() + 1);
        assertThat(after.intentHours()).isPositive();
        assertThat(after.examplesInTime()).isEqualTo(before.examplesInTime() + 1);
        assertThat(after.articles()).isEqualTo(before.articles() + 1);
        assertThat(after.articleHours()).isNotNegative();
    }

    /** What the gateway sends for somebody. */
    private static int executor(String actor, String batch) {
        return RestAssured.given()
                .header(
                        "Authorization",
                        "Bearer " + TestTokens.onBehalfOf("system:tool-registry", actor, Service.GRAPH_SERVICE, "main"))
                .contentType("application/json")
                .body(batch)
                .post("/v1/mutations")
                .statusCode();
    }

    private static GraphStats.Work work() {
        return OWNER.get("/v1/stats/work", Map.of("role", "operator"), GraphStats.Work.class);
    }

    private static String at(Instant now, String shift) {
        return now.plus(Long.parseLong(shift.replace("h", "")), ChronoUnit.HOURS)
                .toString();
    }

    /** Of what this test has made: other tests leave pairs of their own. */
    private List<Pair> pairs(GraphApi who, String type) {
        return pairs(who, new Duplicates.Query(type, began, 500, List.of()));
    }

    private static List<Pair> pairs(GraphApi who, Duplicates.Query query) {
        return Json.read(asked(who, query).asString(), Duplicates.class).items();
    }

    private static Response asked(GraphApi who, Duplicates.Query query) {
        return who.request().body(Json.write(query)).post("/v1/reconciliation/duplicates");
    }

    private static Pair only(List<Pair> pairs, MutationResult made, String one, String other) {
        List<Pair> found = pairs.stream()
                .filter(pair -> ids(pair).equals(ids(made, one, other)))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static Set<String> ids(Pair pair) {
        return Set.of(pair.goes().id(), pair.stays().id());
    }

    private static Set<String> ids(MutationResult made, String one, String other) {
        return Set.of(made.byRef(one).id(), made.byRef(other).id());
    }
}
