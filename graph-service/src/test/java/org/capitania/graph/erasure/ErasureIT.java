package org.capitania.graph.erasure;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.Erasure;
import org.capitania.contract.api.GraphStats;
import org.capitania.contract.api.HistoryEntry;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.RebuildCheck;
import org.capitania.contract.event.GraphChanged;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.capitania.testkit.TestTokens;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class ErasureIT {
    private static final GraphApi CLIENT = new GraphApi("client:test", "main");

    @Test
    void shouldLeaveNoByteOfAPersonWhenTheyAreErased() throws SQLException {
        try (EventTail tail = EventTail.fromStart("hq.graph.nodes", "hq.graph.edges")) {
            // Given: a customer, her mail, what was read from it, and a mail of others that names her
            String word = unique("zelda").replace("-", "");
            String secret = unique("secret").replace("-", "");
            String phone = "+351 " + Math.abs(word.hashCode());
            MutationResult made = planted(word, secret, phone);
            String person = made.byRef("p").id();
            String colleague = made.byRef("q").id();
            OWNER.mutate(
                    "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"job_title\": \"Buyer\"}}]}", person);
            Instant before = OWNER.node(person).node().recordedAt();
            List<String> planted = List.of(word, secret, phone);
            assertThat(found(planted)).as("it is there before").isNotEmpty();
            assertThat(OWNER.search(word).items()).isNotEmpty();
            Awaitility.await()
                    .until(() ->
                            OWNER.get("/v1/stats", Map.of(), GraphStats.class).outboxLag() == 0);
            // When
            assertThat(erase(CLIENT, person).statusCode()).isEqualTo(403);
            Response done = erase(OWNER, person);
            // Then
            assertThat(done.statusCode()).as(done.asString()).isEqualTo(200);
            Erasure.Result result = Json.read(done.asString(), Erasure.Result.class);
            assertThat(result.erased()).isEqualTo(3);
            assertThat(result.redacted()).isEqualTo(2);
            assertThat(result.edges()).isEqualTo(2);
            assertThat(found(planted)).as("in the store").isEmpty();
            tail.await(
                    GraphChanged.NODE,
                    event -> event.key().equals(person)
                            && event.as(GraphChanged.class).version() == 3);
            assertThat(said(tail, planted)).as("on the topics").isEmpty();
            assertThat(OWNER.search(word).items()).isEmpty();
            assertThat(OWNER.search(secret).items()).isEmpty();
            // What it rests on stays: history with its gaps named, the rebuild, and what is of others.
            assertThat(OWNER.history(person).items())
                    .extracting(HistoryEntry::version)
                    .containsExactly(3, 2, 1);
            NodeView then = OWNER.get("/v1/nodes/" + person, Map.of("as_of", before.toString()), NodeView.Detail.class)
                    .node();
            assertThat(then.props().has("name")).isFalse();
            assertThat(then.slug()).startsWith("erased-");
            NodeView gone = OWNER.node(person).node();
            assertThat(gone.archivedAt()).isAfter(gone.createdAt());
            assertThat(OWNER.node(made.byRef("m").id()).node().text("body_text"))
                    .contains("quarterly numbers")
                    .contains("[erased]");
            assertThat(OWNER.node(colleague).node().text("name")).isEqualTo("Bob Other");
            assertThat(OWNER.history(colleague).items().getLast().changes())
                    .anySatisfy(change -> assertThat(change.path()).isEqualTo("props.name"));
            assertThat(Json.read(OWNER.request().post("/v1/rebuild/check").asString(), RebuildCheck.class))
                    .satisfies(check ->
                            assertThat(check.differences()).as(check.toString()).isZero());
            // There is no way back, and once more does no harm.
            assertThat(OWNER.request()
                            .body("{\"mutation_id\": \"" + result.auditEventId() + "\"}")
                            .post("/v1/rollbacks")
                            .statusCode())
                    .isEqualTo(409);
            assertThat(erase(OWNER, person).statusCode()).isEqualTo(200);
            assertThat(Json.read(OWNER.request().post("/v1/rebuild/check").asString(), RebuildCheck.class)
                            .differences())
                    .as("after erasing once more")
                    .isZero();
            assertThat(erase(OWNER, made.byRef("t").id()).statusCode()).isEqualTo(422);
            assertThat(erase(OWNER, "nobody-at-all").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void shouldKeepAndNameWhatALegalDutyRetains() {
        // Given: a contract with her in it, which the law says is kept
        String word = unique("otto").replace("-", "");
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "p", "type": "contact", "props": {"name": "Otto %1$s", "email": "%1$s@x.example"}},
                         {"op": "create", "ref": "d", "type": "document", "props": {"title": "Contract", "kind": "contract", "text": "Signed by Otto %1$s"}},
                         {"op": "link", "type": "mentions", "from": "@d", "to": "@p"}]}""", word);
        String document = made.byRef("d").id();
        String retain = "{\"ops\": [{\"op\": \"retain\", \"id\": \"%s\"}]}";
        // When
        assertThat(CLIENT.post(retain, document).statusCode()).isEqualTo(403);
        assertThat(given().header("Authorization", "Bearer " + TestTokens.bearer("user:owner", Service.GRAPH_SERVICE))
                        .contentType("application/json")
                        .body(retain.formatted(document))
                        .post("/v1/mutations")
                        .statusCode())
                .isEqualTo(422);
        MutationResult retained = OWNER.mutate(retain, document);
        assertThat(retained.results().getFirst().version()).isEqualTo(2);
        assertThat(OWNER.mutate(retain, document).results().getFirst().changed())
                .isFalse();
        assertThat(OWNER.history(document).items().getFirst().changes())
                .extracting(HistoryEntry.Change::path)
                .containsExactly("redaction_policy");
        Erasure.Result result = Json.read(erase(OWNER, made.byRef("p").id()).asString(), Erasure.Result.class);
        // Then
        assertThat(result.retained()).containsExactly(document);
        assertThat(OWNER.node(document).node().text("text")).contains(word);
        assertThat(OWNER.node(made.byRef("p").id()).node().text("name")).isNull();
        // And what is gone is not retained; what was retained is let go when the duty ends.
        assertThat(OWNER.post(retain, made.byRef("p").id()).statusCode()).isEqualTo(409);
        MutationResult lifted = OWNER.mutate(
                "{\"ops\": [{\"op\": \"retain\", \"id\": \"%s\", \"lifted\": true}, {\"op\": \"patch\", \"id\": \"%1$s\", \"tags\": [\"old\"]}]}",
                document);
        assertThat(lifted.results().getFirst().version()).isEqualTo(4);
        assertThat(OWNER.node(document).node().version()).isEqualTo(4);
    }

    @Test
    void shouldTakeANameForAWordAndNotForItsLettersWhenItIsErased() {
        // Given: Nat; another card of hers, whose name ends in a quote; what names her and what only looks like it
        String mark = unique("n").replace("-", "");
        String phone = Integer.toString(100_000_000 + Math.floorMod(mark.hashCode(), 900_000_000));
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "p", "type": "contact", "props": {"name": "Nat", "email": "nat.%1$s@x.example", "phone": "%2$s"}},
                         {"op": "create", "ref": "card", "type": "contact", "props": {"name": "Nat %1$s \\"Nate\\"", "email": "%1$s.home@x.example", "emails": ["Nat.%1$s@x.example"]}},
                         {"op": "create", "ref": "b", "type": "contact", "props": {"name": "Rui", "email": "rui.%1$s@x.example", "notes_md": "Ask nat.%1$s@x.example first"}},
                         {"op": "create", "ref": "n", "type": "contact", "props": {"name": "Nat", "email": "other.%1$s@x.example"}},
                         {"op": "create", "ref": "m", "type": "interaction", "props": {"channel": "email", "subject": "Lunch", "body_text": "Hi Nat,\\nat noon the nation eats with nat.costa@y.example. Nat %1$s \\"Nate\\"!"}},
                         {"op": "create", "ref": "w", "type": "interaction", "props": {"channel": "email", "subject": "Nat", "body_text": "The nation of another Nat"}},
                         {"op": "create", "ref": "h", "type": "interaction", "props": {"channel": "email", "body_text": "Write to %1$s.home@x.example."}},
                         {"op": "create", "ref": "x", "type": "interaction", "props": {"channel": "email", "from": "nat.%1$s@x.example", "body_text": "I send it"}},
                         {"op": "create", "ref": "e", "type": "expectation", "props": {"kind": "commitment_made", "direction": "they_owe", "description_md": "Nat sends it %1$s"}},
                         {"op": "create", "ref": "d", "type": "triage_decision", "props": {"proposed": {"amount": %2$s5, "call": "%2$s", "nothing": null}}},
                         {"op": "link", "type": "to", "from": "@m", "to": "@p", "props": {"address": "nat.%1$s@x.example"}},
                         {"op": "link", "type": "from", "from": "@m", "to": "@b", "props": {"address": "rui.%1$s@x.example"}},
                         {"op": "link", "type": "extracted_from", "from": "@e", "to": "@x"}]}""", mark, phone);
        String key = unique("k");
        String before = keyed(key);
        // When
        Response done = erase(OWNER, made.byRef("p").id());
        // Then: hers is gone, also what only her address gives away
        assertThat(done.statusCode()).as(done.asString()).isEqualTo(200);
        Erasure.Result result = Json.read(done.asString(), Erasure.Result.class);
        assertThat(result.erased()).as("both cards, her mail, her promise").isEqualTo(4);
        assertThat(result.redacted()).isEqualTo(4);
        assertThat(text(made, "card", "name")).isNull();
        assertThat(text(made, "x", "body_text")).isNull();
        assertThat(text(made, "e", "description_md")).isNull();
        // And where others name her, her name and nothing else
        assertThat(text(made, "m", "body_text"))
                .isEqualTo("Hi [erased],\nat noon the nation eats with nat.costa@y.example. [erased]!");
        assertThat(text(made, "h", "body_text")).isEqualTo("Write to [erased].");
        assertThat(text(made, "b", "notes_md")).isEqualTo("Ask [erased] first");
        assertThat(text(made, "b", "name")).isEqualTo("Rui");
        assertThat(OWNER.node(made.byRef("d").id()).node().props().get("proposed"))
                .hasToString("{\"call\":\"[erased]\",\"amount\":" + phone + "5,\"nothing\":null}");
        assertThat(OWNER.node(made.byRef("b").id()).edges())
                .singleElement()
                .satisfies(edge ->
                        assertThat(edge.props().get("address").textValue()).isEqualTo("rui." + mark + "@x.example"));
        // And what is of others is as it was, with its history, and so is what was answered.
        for (String other : List.of("n", "w")) {
            HistoryEntry.Page history = OWNER.history(made.byRef(other).id());
            assertThat(history.items()).hasSize(1);
            assertThat(history.items().getFirst().changes())
                    .extracting(HistoryEntry.Change::path)
                    .contains(other.equals("n") ? "props.name" : "props.body_text");
        }
        assertThat(keyed(key)).isEqualTo(before);
        assertThat(Json.read(OWNER.request().post("/v1/rebuild/check").asString(), RebuildCheck.class))
                .satisfies(check ->
                        assertThat(check.differences()).as(check.toString()).isZero());
    }

    @Test
    void shouldTakeTheFirstNameFromWhatIsSaidNearAPersonWhenTheyAreErased() {
        // Given: Rosa Hill and what we wrote to her, what others wrote in that thread, and what is only called as she
        // is
        String mark = unique("h").replace("-", "");
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "p", "type": "contact", "props": {"name": "Hill%1$s, Dra. Rosa", "email": "rosa.%1$s@x.example"}},
                         {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Rosa Lda", "address": "Rua Rosa 5"}},
                         {"op": "create", "ref": "b", "type": "contact", "props": {"name": "Rosa Vale", "notes_md": "A friend of Rosa"}},
                         {"op": "create", "ref": "c", "type": "conversation", "props": {"subject": "Roses for Rosa"}},
                         {"op": "create", "ref": "m", "type": "interaction", "props": {"channel": "email", "direction": "out", "body_text": "Hello Rosa,\\nROSA's vinho rosa goes to rosa.%1$s@x.example and Rosa.Vale@y.example, Rosalind."}},
                         {"op": "create", "ref": "o", "type": "interaction", "props": {"channel": "email", "body_text": "Tell Rosa."}},
                         {"op": "create", "ref": "f", "type": "interaction", "props": {"channel": "email", "body_text": "Rosa is a colour."}},
                         {"op": "link", "type": "works_for", "from": "@p", "to": "@e"},
                         {"op": "link", "type": "reports_to", "from": "@b", "to": "@p"},
                         {"op": "link", "type": "to", "from": "@m", "to": "@p", "props": {"address": "rosa.%1$s@x.example"}},
                         {"op": "link", "type": "part_of", "from": "@m", "to": "@c"},
                         {"op": "link", "type": "part_of", "from": "@o", "to": "@c"}]}""", mark);
        // When
        Response done = given().header(
                        "Authorization", "Bearer " + TestTokens.bearer("user:owner", Service.GRAPH_SERVICE))
                .header("X-HQ-Reason", "rosa." + mark + "@x.example wrote: forget Rosa, contact:rosa-" + mark)
                .contentType("application/json")
                .body("{\"person\": \"" + made.byRef("p").id() + "\"}")
                .post("/v1/erasures");
        // Then
        assertThat(done.statusCode()).as(done.asString()).isEqualTo(200);
        assertThat(text(made, "m", "body_text"))
                .isEqualTo(
                        "Hello [erased],\n[erased]'s vinho rosa goes to [erased] and Rosa.Vale@y.example, Rosalind.");
        assertThat(text(made, "o", "body_text")).isEqualTo("Tell [erased].");
        assertThat(text(made, "c", "subject")).isEqualTo("Roses for [erased]");
        assertThat(OWNER.node(made.byRef("c").id()).node().slug()).startsWith("erased-");
        for (Map.Entry<String, String> other : Map.of(
                        "e", "Rua Rosa 5", "b", "A friend of Rosa", "f", "Rosa is a colour.")
                .entrySet()) {
            NodeView node = OWNER.node(made.byRef(other.getKey()).id()).node();
            assertThat(node.props().toString()).contains(other.getValue());
            assertThat(node.version()).isEqualTo(1);
        }
        // And why it was erased names nobody, where it is kept for ever
        assertThat(OWNER.history(made.byRef("m").id()).items().getFirst().reason())
                .isEqualTo("[erased] wrote: forget [erased], contact:[erased]-" + mark);
        assertThat(Json.read(OWNER.request().post("/v1/rebuild/check").asString(), RebuildCheck.class)
                        .differences())
                .isZero();
    }

    /** The id of what a batch has made, which is the same for the same key. */
    private static String keyed(String key) {
        return OWNER.request()
                .header("Idempotency-Key", key)
                .body(
                        "{\"ops\": [{\"op\": \"create\", \"type\": \"task\", \"props\": {\"title\": \"The nation of another Nat\"}}]}")
                .post("/v1/mutations")
                .jsonPath()
                .getString("results[0].id");
    }

    private static @Nullable String text(MutationResult made, String ref, String prop) {
        return OWNER.node(made.byRef(ref).id()).node().text(prop);
    }

    private static MutationResult planted(String word, String secret, String phone) {
        Response response = OWNER.request()
                .header("Idempotency-Key", unique("k"))
                .body("""
                {"ops": [{"op": "create", "ref": "p", "type": "contact", "external_source": "email", "external_id": "%1$s@x.example", "tags": ["%1$s-tag"],
                          "props": {"name": "Zé \\"%1$s\\" Quina", "email": "%1$s@x.example", "phone": "%3$s", "notes_md": "%2$s"}},
                         {"op": "create", "ref": "q", "type": "contact", "props": {"name": "Bob Other", "email": "bob.%2$s2@y.example"}},
                         {"op": "create", "ref": "i", "type": "interaction", "props": {"channel": "email", "from": "%1$s@x.example", "subject": "%2$s order", "body_text": "Hello %2$s"}},
                         {"op": "create", "ref": "n", "type": "intent", "props": {"kind": "ask_reply", "evidence_span": "%2$s please"}},
                         {"op": "create", "ref": "c", "type": "conversation", "props": {"subject": "Order", "participants": ["%1$s@x.example", "us@z.example"]}},
                         {"op": "create", "ref": "m", "type": "interaction", "props": {"channel": "email", "from": "bob@y.example", "to": ["%1$s@x.example"], "body_text": "Dear Zé \\"%1$s\\" Quina, the quarterly numbers; call %3$s"}},
                         {"op": "create", "ref": "t", "type": "task", "props": {"title": "Answer"}},
                         {"op": "link", "type": "from", "from": "@i", "to": "@p", "props": {"address": "%1$s@x.example"}},
                         {"op": "link", "type": "to", "from": "@m", "to": "@p", "props": {"address": "%1$s@x.example"}},
                         {"op": "link", "type": "from", "from": "@m", "to": "@q", "props": {"address": "bob@y.example"}},
                         {"op": "link", "type": "extracted_from", "from": "@n", "to": "@i"},
                         {"op": "link", "type": "part_of", "from": "@i", "to": "@c"},
                         {"op": "link", "type": "reports_to", "from": "@q", "to": "@p"}]}""".formatted(word, secret, phone).replace("bob." + secret + "2", "bob"))
                .post("/v1/mutations");
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        return Json.read(response.asString(), MutationResult.class);
    }

    private static Response erase(GraphApi who, String person) {
        return who.request().body("{\"person\": \"" + person + "\"}").post("/v1/erasures");
    }

    /** Where in the whole schema something of it is to be read, as nobody but a superuser could look. */
    private static List<String> found(List<String> planted) throws SQLException {
        List<String> places = new ArrayList<>();
        try (Connection admin = TestPostgres.shared().connect();
                var tables = admin.createStatement();
                var rows = tables.executeQuery(
                        "SELECT relname FROM pg_class WHERE relnamespace = 'graph'::regnamespace AND relkind = 'r'")) {
            while (rows.next()) {
                for (String word : planted) {
                    try (var look = admin.prepareStatement("SELECT count(*) FROM graph." + rows.getString(1)
                            + " AS x WHERE strpos(lower(x::text), lower(?)) > 0")) {
                        look.setString(1, word);
                        var count = look.executeQuery();
                        count.next();
                        if (count.getLong(1) > 0) {
                            places.add(rows.getString(1) + ": " + word);
                        }
                    }
                }
            }
        }
        return places;
    }

    private static List<String> said(EventTail tail, List<String> planted) {
        List<String> places = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : tail.records()) {
            StringBuilder all =
                    new StringBuilder(record.key()).append(new String(record.value(), StandardCharsets.UTF_8));
            record.headers().forEach(header -> all.append(new String(header.value(), StandardCharsets.UTF_8)));
            String text = all.toString().toLowerCase(Locale.ROOT);
            planted.stream()
                    .filter(word -> text.contains(word.toLowerCase(Locale.ROOT)))
                    .forEach(word -> places.add(record.topic() + " " + record.offset() + ": " + word));
        }
        return places;
    }
}
