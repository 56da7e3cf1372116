package org.capitania.graph.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.MutationResult.OpResult;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.Rollback;
import org.capitania.graph.DirectSql;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class ReplacementsIT {
    private static final GraphApi CLIENT = new GraphApi("client:test", "main");

    @Test
    void shouldEndTheOldWhenItIsSuperseded() {
        // Given
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "a", "type": "expectation", "props": {"kind": "sla", "direction": "we_owe"}},
                         {"op": "create", "ref": "b", "type": "expectation", "props": {"kind": "sla", "direction": "we_owe"}},
                         {"op": "create", "ref": "c", "type": "contact", "props": {"name": "C"}},
                         {"op": "create", "ref": "d", "type": "contact", "props": {"name": "D"}}]}""");
        String a = made.byRef("a").id();
        String seen = "{\"ops\": [{\"op\": \"supersede\", \"id\": \"%s\", \"by\": \"%s\", \"version\": %d}]}";
        Response stale = OWNER.post(seen, a, made.byRef("b").id(), 2);
        assertThat(stale.jsonPath().getString("code")).isEqualTo("version_conflict");
        assertThat(stale.jsonPath().getString("errors[0].path")).isEqualTo("/ops/0/version");
        // When
        MutationResult done = OWNER.mutate(seen, a, made.byRef("b").id(), 1);
        // Then
        NodeView.Detail old = OWNER.node(a);
        assertThat(old.node().status()).isEqualTo("superseded");
        assertThat(old.node().validTo()).isAfter(old.node().validFrom());
        assertThat(old.edges()).singleElement().satisfies(edge -> {
            assertThat(edge.type()).isEqualTo("supersedes");
            assertThat(edge.direction()).isEqualTo(EdgeView.Direction.IN);
            assertThat(edge.other().id()).isEqualTo(made.byRef("b").id());
        });
        assertThat(done.results().getFirst().version()).isEqualTo(2);
        // A type without that status hides the old one instead; and a thing is replaced by its like.
        OWNER.mutate(
                "{\"ops\": [{\"op\": \"supersede\", \"id\": \"%s\", \"by\": \"%s\"}]}",
                made.byRef("c").id(), made.byRef("d").id());
        NodeView hidden = OWNER.node(made.byRef("c").id()).node();
        assertThat(hidden.archivedAt()).isAfter(hidden.createdAt());
        assertThat(OWNER.post(
                                "{\"ops\": [{\"op\": \"supersede\", \"id\": \"%s\", \"by\": \"%s\"}]}",
                                a, made.byRef("c").id())
                        .statusCode())
                .isEqualTo(422);
        assertThat(OWNER.post("{\"ops\": [{\"op\": \"supersede\", \"id\": \"%s\", \"by\": \"%s\"}]}", a, a)
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    void shouldRestoreTheBytesWhenAMergeIsUndone() throws SQLException {
        // Given: two records of one person, each with edges; one edge both have
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "a", "type": "contact", "props": {"name": "Rui Costa", "phone": "1", "emails": ["rui@y.example", "rui@x.example", "r@z.example"], "phones": ["1"]}, "tags": ["vip"]},
                         {"op": "create", "ref": "b", "type": "contact", "props": {"name": "Rui M. Costa", "email": "rui@x.example", "emails": ["rui@x.example", "office@x.example"]}, "tags": ["pt"]},
                         {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Costa Lda"}},
                         {"op": "create", "ref": "f", "type": "entity", "props": {"name": "Other Lda"}},
                         {"op": "create", "ref": "t", "type": "task", "props": {"title": "Call"}, "owner": "@a"},
                         {"op": "link", "type": "works_for", "from": "@a", "to": "@e", "props": {"role": "buyer"}},
                         {"op": "link", "type": "works_for", "from": "@b", "to": "@e"},
                         {"op": "link", "type": "works_for", "from": "@a", "to": "@f"},
                         {"op": "link", "type": "driven_by", "from": "@t", "to": "@a"},
                         {"op": "link", "type": "reports_to", "from": "@a", "to": "@b"}]}""");
        String a = made.byRef("a").id();
        String b = made.byRef("b").id();
        List<String> nodes = List.of(a, b, made.byRef("t").id());
        List<Object> before = state(nodes);
        String merge = "{\"ops\": [{\"op\": \"merge\", \"id\": \"%s\", \"into\": \"%s\", \"proposal\": \"%s\"}]}";
        String proposal = unique("proposal");
        // Then: nobody merges directly, whatever the batch says
        for (GraphApi who : List.of(OWNER, CLIENT)) {
            Response refused = who.post(merge, a, b, proposal);
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.jsonPath().getString("code")).isEqualTo("proposal_required");
        }
        assertThat(executor("agent:chief", merge.formatted(a, b, proposal)).statusCode())
                .isNotEqualTo(200);
        // When: tool-registry carries it out for the owner
        Response done = executor("user:owner", merge.formatted(a, b, proposal));
        // Then
        assertThat(done.statusCode()).as(done.asString()).isEqualTo(200);
        NodeView.Detail whole = OWNER.node(b);
        assertThat(whole.node().text("phone")).isEqualTo("1");
        assertThat(whole.node().text("name")).isEqualTo("Rui M. Costa");
        assertThat(whole.node().tags()).containsExactlyInAnyOrder("vip", "pt");
        assertThat(whole.node().props().path("emails").toString())
                .as("its own, then what it gains, each once")
                .isEqualTo("[\"rui@x.example\",\"office@x.example\",\"rui@y.example\",\"r@z.example\"]");
        assertThat(whole.node().props().path("phones").toString()).isEqualTo("[\"1\"]");
        assertThat(whole.edges())
                .extracting(EdgeView::type, edge -> edge.other().title())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("works_for", "Costa Lda"),
                        org.assertj.core.groups.Tuple.tuple("works_for", "Other Lda"),
                        org.assertj.core.groups.Tuple.tuple("driven_by", "Call"),
                        org.assertj.core.groups.Tuple.tuple("duplicate_of", "Rui Costa"));
        NodeView merged = OWNER.node(a).node();
        assertThat(merged.archivedAt()).isAfter(merged.createdAt());
        assertThat(OWNER.node(a).edges()).extracting(EdgeView::type).containsExactly("duplicate_of");
        assertThat(OWNER.node(made.byRef("t").id()).node().ownerId()).isEqualTo(b);
        // And: a proposal is good for one merge.
        assertThat(executor(
                                "user:owner",
                                merge.formatted(
                                        made.byRef("e").id(), made.byRef("f").id(), proposal))
                        .jsonPath()
                        .getString("code"))
                .isEqualTo("already_claimed");
        // When
        String mutation = Json.read(done.asString(), MutationResult.class).auditEventId();
        assertThat(rollback(CLIENT, mutation).statusCode()).isEqualTo(403);
        Response undone = rollback(OWNER, mutation);
        // Then
        assertThat(undone.statusCode()).as(undone.asString()).isEqualTo(200);
        assertThat(state(nodes)).isEqualTo(before);
        assertThat(OWNER.history(b).items().getFirst().reason()).startsWith("rollback of " + mutation);
        assertThat(rollback(OWNER, mutation).statusCode()).isEqualTo(409);
        assertThat(rollback(OWNER, UUID.randomUUID().toString()).statusCode()).isEqualTo(404);
    }

    @Test
    void shouldChangeNothingWhenWhatAMutationLeftHasChangedSince() throws SQLException {
        // Given
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "a", "type": "task", "props": {"title": "A"}}, {"op": "create", "ref": "b", "type": "task", "props": {"title": "B"}}]}""");
        String a = made.byRef("a").id();
        String b = made.byRef("b").id();
        String first = OWNER.mutate("""
                {"ops": [{"op": "patch", "id": "%s", "status": "done"}, {"op": "patch", "id": "%s", "status": "done"},
                         {"op": "link", "type": "related_to", "from": "%s", "to": "%s"}]}""", a, b, a, b).auditEventId();
        String second = OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"priority\": \"now\"}]}", b)
                .auditEventId();
        List<Object> before = state(List.of(a, b));
        // When
        Response refused = rollback(OWNER, first);
        // Then
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(state(List.of(a, b))).isEqualTo(before);
        // The later one first, then it goes.
        Rollback.Result last = Json.read(rollback(OWNER, second).asString(), Rollback.Result.class);
        assertThat(last.nodes()).isEqualTo(1);
        assertThat(rollback(OWNER, last.auditEventId()).statusCode()).isEqualTo(200);
        assertThat(OWNER.node(b).node().priority()).isEqualTo("now");
        // What a mutation made is archived, what it linked holds no more.
        assertThat(rollback(OWNER, made.auditEventId()).statusCode()).isEqualTo(409);
    }

    @Test
    void shouldKeepBothWhenTwoPeriodsOfOneFactAreApart() {
        // Given
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "c", "type": "contact", "props": {"name": "Lia"}, "valid_from": "2015-01-01T00:00:00Z"},
                         {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Again Lda"}, "valid_from": "2015-01-01T00:00:00Z"}]}""");
        String c = made.byRef("c").id();
        String link = "{\"ops\": [{\"op\": \"link\", \"type\": \"works_for\", \"from\": \"" + c + "\", \"to\": \""
                + made.byRef("e").id() + "\"%s}]}";
        // When: twice there, with years between
        OWNER.mutate(link, ", \"valid_from\": \"2016-01-01T00:00:00Z\", \"valid_to\": \"2018-01-01T00:00:00Z\"");
        OWNER.mutate(link, ", \"valid_from\": \"2020-01-01T00:00:00Z\"");
        // Then
        assertThat(worksFor(c, "2017-06-01T00:00:00Z")).isOne();
        assertThat(worksFor(c, "2019-06-01T00:00:00Z")).isZero();
        assertThat(worksFor(c, "2021-06-01T00:00:00Z")).isOne();
        assertThat(OWNER.node(c).edges()).hasSize(1);
        // Said again, in full or in part, it is known; half of it elsewhere is refused.
        assertThat(OWNER.mutate(
                                link,
                                ", \"valid_from\": \"2016-06-01T00:00:00Z\", \"valid_to\": \"2017-01-01T00:00:00Z\"")
                        .results()
                        .getFirst()
                        .created())
                .isFalse();
        assertThat(OWNER.mutate(link, "").results().getFirst().created()).isFalse();
        assertThat(OWNER.post(
                                link,
                                ", \"valid_from\": \"2017-01-01T00:00:00Z\", \"valid_to\": \"2019-01-01T00:00:00Z\"")
                        .statusCode())
                .isEqualTo(409);
        assertThat(OWNER.post(link, ", \"valid_to\": \"2100-01-01T00:00:00Z\"").statusCode())
                .isEqualTo(409);
        assertThat(OWNER.post(
                                link,
                                ", \"valid_from\": \"2010-01-01T00:00:00Z\", \"valid_to\": \"2009-01-01T00:00:00Z\"")
                        .statusCode())
                .isEqualTo(422);
        // Ending one period leaves the other.
        OWNER.mutate(
                "{\"ops\": [{\"op\": \"unlink\", \"type\": \"works_for\", \"from\": \"%s\", \"to\": \"%s\"}]}",
                c, made.byRef("e").id());
        assertThat(worksFor(c, "2017-06-01T00:00:00Z")).isOne();
        assertThat(OWNER.node(c).edges()).isEmpty();
    }

    @Test
    void shouldStateAPeriodAgainWhenItsFirstStatementWasUndone() {
        // Given
        String link = employment("\"valid_from\": \"2016-01-01T00:00:00Z\", \"props\": {\"role\": \"%s\"}");
        assertThat(rollback(OWNER, OWNER.mutate(link, "wrong").auditEventId()).statusCode())
                .isEqualTo(200);
        // When
        OpResult again = OWNER.mutate(link, "buyer").results().getFirst();
        // Then
        assertThat(again.created()).isTrue();
        assertThat(OWNER.post(link.replace("2016-01-01", "2015-06-01"), "buyer").statusCode())
                .isEqualTo(409);
    }

    @Test
    void shouldEndNowWhatWouldEndLaterWhenItIsUnlinked() {
        // Given
        String link = employment("\"valid_to\": \"2100-01-01T00:00:00Z\"");
        OpResult made = OWNER.mutate(link).results().getFirst();
        String unlink = link.replace("\"op\": \"link\"", "\"op\": \"unlink\"")
                .replace(", \"valid_to\": \"2100-01-01T00:00:00Z\"", "");
        // It holds, so there is no second one; nor one beside what is still to begin.
        OpResult again =
                OWNER.mutate(unlink.replace("\"unlink\"", "\"link\"")).results().getFirst();
        assertThat(again).extracting(OpResult::id, OpResult::created).containsExactly(made.id(), false);
        String later = employment("\"valid_from\": \"2090-01-01T00:00:00Z\"");
        OWNER.mutate(later);
        assertThat(OWNER.post(later.replace(", \"valid_from\": \"2090-01-01T00:00:00Z\"", ""))
                        .statusCode())
                .isEqualTo(409);
        // When
        OpResult ended = OWNER.mutate(unlink).results().getFirst();
        // Then
        assertThat(ended).extracting(OpResult::id, OpResult::changed).containsExactly(made.id(), true);
        assertThat(OWNER.post(unlink).statusCode()).isEqualTo(404);
        assertThat(OWNER.mutate("{\"ops\": [{\"op\": \"unlink\", \"id\": \"%s\"}]}", made.id())
                        .results()
                        .getFirst()
                        .changed())
                .isFalse();
    }

    @Test
    void shouldLetOneDriveAtATimeWhenDriversFollowEachOther() {
        // Given
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "t", "type": "task", "props": {"title": "Watch"}},
                         {"op": "create", "ref": "a", "type": "contact", "props": {"name": "A"}},
                         {"op": "create", "ref": "b", "type": "contact", "props": {"name": "B"}},
                         {"op": "link", "type": "driven_by", "from": "@t", "to": "@a", "valid_to": "2100-01-01T00:00:00Z"}]}""");
        String drive = "{\"ops\": [{\"op\": \"link\", \"type\": \"driven_by\", \"from\": \""
                + made.byRef("t").id() + "\", \"to\": \"" + made.byRef("b").id() + "\"%s}]}";
        // Then
        Response beside = OWNER.post(drive, "");
        assertThat(beside.statusCode()).as(beside.asString()).isEqualTo(409);
        assertThat(beside.jsonPath().getString("code")).isEqualTo("cardinality");
        assertThat(OWNER.post(drive, ", \"valid_from\": \"2090-01-01T00:00:00Z\"")
                        .statusCode())
                .isEqualTo(409);
        assertThat(OWNER.post(drive, ", \"valid_from\": \"2100-01-01T00:00:00Z\"")
                        .statusCode())
                .isEqualTo(200);
    }

    /** A batch that says of two of its own for whom one works. */
    private static String employment(String more) {
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "c", "type": "contact", "props": {"name": "Lia"}},
                         {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Again Lda"}}]}""");
        return "{\"ops\": [{\"op\": \"link\", \"type\": \"works_for\", \"from\": \""
                + made.byRef("c").id() + "\", \"to\": \"" + made.byRef("e").id() + "\", " + more + "}]}";
    }

    private static long worksFor(String contact, String validAt) {
        return OWNER.get("/v1/nodes/" + contact, Map.of("valid_at", validAt), NodeView.Detail.class).edges().stream()
                .filter(edge -> edge.type().equals("works_for"))
                .count();
    }

    private static Response executor(String actor, String batch) {
        return RestAssured.given()
                .header(
                        "Authorization",
                        "Bearer " + TestTokens.onBehalfOf("system:tool-registry", actor, Service.GRAPH_SERVICE, "main"))
                .contentType("application/json")
                .body(batch)
                .post("/v1/mutations");
    }

    private static Response rollback(GraphApi who, String mutation) {
        return who.request().body("{\"mutation_id\": \"" + mutation + "\"}").post("/v1/rollbacks");
    }

    /** The nodes and the edges that hold, byte for byte, without the bookkeeping of versions. */
    private static List<Object> state(List<String> ids) throws SQLException {
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            return sql
                    .rows("""
                    SELECT (node_row(n) - 'version' - 'recorded_at' - 'updated_at')::text FROM nodes AS n WHERE n.id::text = ANY (?)
                    UNION ALL
                    SELECT (edge_row(e) - 'version' - 'recorded_at' - 'updated_at')::text FROM edges AS e
                     WHERE (e.from_id::text = ANY (?) OR e.to_id::text = ANY (?)) AND e.valid_to IS NULL
                     ORDER BY 1""", ids.toArray(String[]::new), ids.toArray(String[]::new), ids.toArray(String[]::new))
                    .stream()
                    .map(row -> row.getFirst())
                    .toList();
        }
    }
}
