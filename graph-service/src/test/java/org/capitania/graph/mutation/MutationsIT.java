package org.capitania.graph.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.capitania.graph.GraphApi.INGEST;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.MutationResult.OpResult;
import org.capitania.contract.api.NodeView;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class MutationsIT {
    private static final String CONTACT = """
            {"ops": [{"op": "create", "ref": "c", "type": "contact", "props": {"name": "%2$s", "email": "%1$s"},
                      "external_source": "email", "external_id": "%1$s", "if_absent": true}]}""";

    @Test
    void shouldMakeNodesAndEdgesWhenABatchIsApplied() {
        // Given
        String address = unique("ana") + "@moinho.example";
        // When
        MutationResult result = INGEST.mutate("""
                {"ops": [
                  {"op": "link", "type": "works_for", "from": "@c", "to": "@e", "props": {"role": "CEO"}},
                  {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Moinho Lda", "domains": ["moinho.example"]}},
                  {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Ana São João", "email": "%1$s"},
                   "external_source": "email", "external_id": "%1$s", "if_absent": true, "tainted": true}
                ]}""", address);
        // Then
        NodeView.Detail contact = OWNER.node(result.byRef("c").id());
        assertThat(contact.node().slug()).startsWith("contact-ana-sao-joao");
        assertThat(contact.node().title()).isEqualTo("Ana São João");
        assertThat(contact.node().status()).isEqualTo("active");
        assertThat(contact.node().tainted()).isTrue();
        assertThat(contact.producer().slug()).isEqualTo("hq:worker:email_ingest");
        assertThat(OWNER.node(contact.producer().id()).producer().slug()).isEqualTo("hq:root");
        assertThat(contact.edges()).singleElement().satisfies(edge -> {
            assertThat(edge.type()).isEqualTo("works_for");
            assertThat(edge.other().title()).isEqualTo("Moinho Lda");
        });
        assertThat(OWNER.node(contact.node().slug()).node()).isEqualTo(contact.node());
        assertThat(result.results()).extracting(OpResult::op).containsExactly("link", "create", "create");
    }

    @Test
    void shouldFillInWhatTheTypeGivesWhenANodeDoesNotSayIt() {
        // When
        String id = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "m", "type": "memory_entry", "props": {"kind": "pattern", "body_md": "Pays late"}}]}""").byRef("m").id();
        // Then
        assertThat(OWNER.node(id).node().props().path("decay_after_days").asInt())
                .isEqualTo(90);
    }

    @Test
    void shouldMakeOneNodeWhenManyCreateItAtOnce() throws Exception {
        // Given
        String address = unique("rita") + "@x.example";
        // When
        List<MutationResult> results = atOnce(16, i -> INGEST.mutate(CONTACT, address, "Rita"));
        // Then
        assertThat(results)
                .extracting(r -> r.byRef("c").id())
                .containsOnly(results.getFirst().byRef("c").id());
        assertThat(results).filteredOn(r -> r.byRef("c").created()).hasSize(1);
        assertThat(find(Map.of("type", "contact", "external_source", "email", "external_id", address)))
                .hasSize(1);
        assertThat(OWNER.history(results.getFirst().byRef("c").id()).items()).hasSize(1);
    }

    @Test
    void shouldGiveEachItsOwnSlugWhenManyShareAName() throws Exception {
        // Given
        String name = unique("Zé");
        // When
        List<MutationResult> results = atOnce(12, i -> OWNER.mutate(CONTACT, unique("ze") + "@x.example", name));
        // Then
        assertThat(results)
                .extracting(r -> r.byRef("c").slug())
                .doesNotHaveDuplicates()
                .allMatch(slug -> slug.startsWith("contact-ze-"));
    }

    @Test
    void shouldLoseNoChangeWhenManyPatchOneNodeWithoutAVersion() throws Exception {
        // Given
        String id = OWNER.mutate(CONTACT, unique("p") + "@x.example", "Pat")
                .byRef("c")
                .id();
        // When: each adds its own prop or tag of the same node
        List<String> props =
                List.of("phone", "job_title", "department", "language", "timezone", "notes_md", "name", "email");
        atOnce(props.size(), i -> OWNER.mutate("""
                {"ops": [{"op": "patch", "id": "%s", "props": {"%s": "value %d"}}]}""", id, props.get(i), i));
        // Then
        NodeView node = OWNER.node(id).node();
        for (int i = 0; i < props.size(); i++) {
            assertThat(node.text(props.get(i))).isEqualTo("value " + i);
        }
        assertThat(node.version()).isEqualTo(props.size() + 1);
        assertThat(OWNER.history(id).items()).hasSize(props.size() + 1);
    }

    @Test
    void shouldAnswerTheSameWhenAnIdempotencyKeyIsRepeated() throws Exception {
        // Given
        String key = unique("key");
        String batch = """
                {"ops": [{"op": "create", "ref": "t", "type": "task", "props": {"title": "Call Ana"}}]}""";
        // When
        List<String> answers = atOnce(
                8,
                i -> OWNER.request()
                        .header("Idempotency-Key", key)
                        .body(batch)
                        .post("/v1/mutations")
                        .asString());
        // Then
        assertThat(answers).containsOnly(answers.getFirst());
        Response other = OWNER.request()
                .header("Idempotency-Key", key)
                .body(batch.replace("Ana", "Rui"))
                .post("/v1/mutations");
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(problem(other).code()).isEqualTo("idempotency_mismatch");
        // A key is its owner's: somebody else's is another one.
        assertThat(INGEST.request()
                        .header("Idempotency-Key", key)
                        .body(batch)
                        .post("/v1/mutations")
                        .asString())
                .isNotEqualTo(answers.getFirst());
    }

    @Test
    void shouldRefuseWhenTheVersionIsNotTheOneSeen() {
        // Given
        OpResult contact =
                OWNER.mutate(CONTACT, unique("v") + "@x.example", "Vera").byRef("c");
        String patch = """
                {"ops": [{"op": "patch", "id": "%s", "version": 1, "props": {"phone": "1"}}]}""";
        // When
        MutationResult first = OWNER.mutate(patch, contact.slug());
        Response second = OWNER.post(patch, contact.slug());
        // Then
        assertThat(first.results().getFirst().version()).isEqualTo(2);
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(problem(second).code()).isEqualTo("version_conflict");
        assertThat(problem(second).errors()).singleElement().satisfies(e -> {
            assertThat(e.path()).isEqualTo("/ops/0/version");
            assertThat(e.type()).isEqualTo("contact");
            assertThat(e.allowed()).isEqualTo("2");
        });
    }

    @Test
    void shouldWriteNothingWhenOneOpIsWrong() {
        // Given
        String address = unique("half") + "@x.example";
        // When
        Response response = OWNER.post("""
                {"ops": [
                  {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Half"}, "external_source": "email", "external_id": "%s"},
                  {"op": "create", "type": "interaction", "props": {"channel": "email", "sbuject": "Hi"}, "status": "lost"},
                  {"op": "link", "type": "works_for", "from": "@c", "to": "@c"}
                ]}""", address);
        // Then: all faults at once, and nothing is there
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.contentType()).startsWith("application/problem+json");
        assertThat(problem(response).code()).isEqualTo("schema_violation");
        assertThat(problem(response).errors())
                .extracting(FieldError::path, FieldError::type, FieldError::found)
                .containsExactlyInAnyOrder(
                        tuple("/ops/1/props/sbuject", "interaction", "sbuject"),
                        tuple("/ops/1/status", "interaction", "lost"),
                        tuple("/ops/2/to", "works_for", "contact"));
        assertThat(problem(response).errors())
                .allSatisfy(e -> assertThat(e.allowed()).isNotBlank());
        assertThat(find(Map.of("external_source", "email", "external_id", address)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'op':'create','type':'unicorn'} | 422 | unknown_type | /ops/0/type",
                "{'op':'create','type':'contact','colour':'red'} | 422 | schema_violation | /ops/0/colour",
                "{'op':'explode','id':'x'} | 422 | schema_violation | /ops/0",
                "{'op':'patch','id':'no-such-node'} | 404 | not_found | /ops/0/id",
                "{'op':'patch','id':'@nobody'} | 422 | schema_violation | /ops/0/id",
                "{'op':'create','type':'task','props':{}} | 422 | schema_violation | /ops/0/props/title",
                "{'op':'create','type':'task','props':{'title':'T'},'priority':'soon'} | 422 | schema_violation | /ops/0/priority",
                "{'op':'create','type':'contact','slug':'hq:root','props':{'name':'x'}} | 422 | schema_violation | /ops/0/slug",
                "{'op':'create','type':'contact','slug':'Não!','props':{'name':'x'}} | 422 | schema_violation | /ops/0/slug",
                "{'op':'create','type':'contact','props':{'name':'a\\u0000b'}} | 422 | schema_violation | /ops",
                "{'op':'create','type':'contact','external_source':'x','external_id':'a\\u0000b'} | 422 | schema_violation | /ops",
                "{'op':'create','type':'contact','external_source':'x','external_id':''} | 422 | schema_violation | /ops/0/external_id",
                "{'op':'create','type':'proposal','props':{'tool':'email_send'}} | 403 | denied |",
                "{'op':'merge','id':'a','into':'b'} | 422 | proposal_required |",
                "{'op':'supersede','id':'no-such-node','by':'b'} | 404 | not_found | /ops/0/id",
            })
    void shouldSayWhatIsWrongWhenAnOpIsRefused(String op, int status, String code, String path) {
        // When
        Response response = OWNER.post("{\"ops\": [" + op.replace('\'', '"').replace("%", "%%") + "]}");
        // Then
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(problem(response).code()).isEqualTo(code);
        if (path != null) {
            assertThat(problem(response).errors()).extracting(e -> e.path()).contains(path);
        }
    }

    @Test
    void shouldHoldUpperBoundsWhenManyLinkAtOnce() throws Exception {
        // Given
        MutationResult task = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "t", "type": "task", "props": {"title": "Driven once"}}]}""");
        List<String> drivers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            drivers.add(OWNER.mutate(CONTACT, unique("d") + "@x.example", "Driver " + i)
                    .byRef("c")
                    .id());
        }
        // When
        List<Integer> statuses = atOnce(
                6, i -> OWNER.post("""
                {"ops": [{"op": "link", "type": "driven_by", "from": "%s", "to": "%s"}]}""", task.byRef("t").id(), drivers.get(i)).statusCode());
        // Then
        assertThat(statuses).containsOnly(200, 409);
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
        Response more = OWNER.post("""
                {"ops": [{"op": "link", "type": "driven_by", "from": "%s", "to": "hq:user:owner"}]}""", task.byRef("t").id());
        assertThat(problem(more).errors())
                .extracting(FieldError::path, FieldError::type, FieldError::found, FieldError::allowed)
                .containsExactly(tuple("/ops/0/from", "driven_by", "2 edges driven_by", "at most 1"));
        NodeView.Detail after = OWNER.node(task.byRef("t").id());
        assertThat(after.edges()).hasSize(1);
        // And a batch that takes one away may add another.
        String other = drivers.stream()
                .filter(d -> !d.equals(after.edges().getFirst().other().id()))
                .findFirst()
                .orElseThrow();
        OWNER.mutate("""
                {"ops": [{"op": "unlink", "id": "%s"}, {"op": "link", "type": "driven_by", "from": "%s", "to": "%s"}]}""", after.edges().getFirst().id(), task.byRef("t").id(), other);
        assertThat(OWNER.node(task.byRef("t").id()).edges())
                .singleElement()
                .satisfies(edge -> assertThat(edge.other().id()).isEqualTo(other));
    }

    @Test
    void shouldReturnTheLiveEdgeWhenItIsStatedAgain() throws Exception {
        // Given
        MutationResult ends = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "a", "type": "task", "props": {"title": "A"}},
                         {"op": "create", "ref": "b", "type": "task", "props": {"title": "B"}}]}""");
        // When
        List<MutationResult> links = atOnce(
                8, i -> OWNER.mutate("""
                {"ops": [{"op": "link", "type": "related_to", "from": "%s", "to": "%s"}]}""", ends.byRef("a").id(), ends.byRef("b").slug()));
        // Then
        assertThat(links)
                .extracting(r -> r.results().getFirst().id())
                .containsOnly(links.getFirst().results().getFirst().id());
        assertThat(links).filteredOn(r -> r.results().getFirst().created()).hasSize(1);
    }

    @Test
    void shouldInheritTaintWhenANodeDerivesFromOneThatIsTainted() {
        // When
        MutationResult mail = INGEST.mutate("""
                {"ops": [{"op": "create", "ref": "i", "type": "interaction", "props": {"channel": "email", "direction": "in"}, "tainted": true}]}""");
        MutationResult derived = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "n", "type": "intent", "props": {"kind": "ask_reply"}},
                         {"op": "create", "ref": "t", "type": "task", "props": {"title": "Answer"}},
                         {"op": "create", "ref": "u", "type": "task", "props": {"title": "Unrelated"}},
                         {"op": "link", "type": "spawned_from", "from": "@t", "to": "@n"},
                         {"op": "link", "type": "extracted_from", "from": "@n", "to": "%s"}]}""", mail.byRef("i").id());
        // Then
        assertThat(OWNER.node(derived.byRef("n").id()).node().tainted()).isTrue();
        assertThat(OWNER.node(derived.byRef("t").id()).node().tainted()).isTrue();
        assertThat(OWNER.node(derived.byRef("u").id()).node().tainted()).isFalse();
        String clean = """
                {"ops": [{"op": "patch", "id": "%s", "tainted": false}]}""";
        assertThat(INGEST.post(clean, derived.byRef("t").id()).statusCode()).isEqualTo(403);
        assertThat(OWNER.post(clean, derived.byRef("t").id()).statusCode()).isEqualTo(200);
    }

    @Test
    void shouldChangeNothingWhenAPatchAsksForWhatIsSo() {
        // Given
        OpResult invoice = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "i", "type": "invoice", "props": {"number": "%s", "total": 1234567890.123456789, "currency": "EUR"}}]}""", unique("FT")).byRef("i");
        // When
        MutationResult same = OWNER.mutate("""
                {"ops": [{"op": "patch", "id": "%s", "props": {"currency": "EUR", "total": 1234567890.1234567890}}]}""", invoice.id());
        MutationResult other = OWNER.mutate("""
                {"ops": [{"op": "patch", "id": "%s", "props": {"currency": null}}]}""", invoice.id());
        // Then
        assertThat(same.results().getFirst())
                .extracting(OpResult::changed, OpResult::version)
                .containsExactly(false, 1);
        assertThat(other.results().getFirst())
                .extracting(OpResult::changed, OpResult::version)
                .containsExactly(true, 2);
        // Money is exact, also where a patch of something else wrote it back.
        String raw = OWNER.request().get("/v1/nodes/" + invoice.id()).asString();
        assertThat(raw).contains("1234567890.123456789").doesNotContain("EUR");
    }

    @Test
    void shouldRefuseWhenARowIsTooLargeForAnEvent() {
        // When
        Response response = OWNER.post("""
                {"ops": [{"op": "create", "type": "memo", "props": {"title": "Big", "body_md": "%s"}}]}""", "ç".repeat(262_144));
        // Then
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(problem(response).code()).isEqualTo("payload_too_large");
    }

    private static List<NodeView> find(Map<String, String> query) {
        return OWNER.get("/v1/nodes", query, NodeView.Page.class).items();
    }

    private static Problem problem(Response response) {
        return Json.read(response.asString(), Problem.class);
    }

    private interface Numbered<T> {
        T call(int i) throws Exception;
    }

    private static <T> List<T> atOnce(int threads, Numbered<T> work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Callable<T>> calls = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                calls.add(() -> {
                    start.await();
                    return work.call(number);
                });
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        }
    }
}
