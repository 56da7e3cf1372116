package org.capitania.graph.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.api.Embeddings;
import org.capitania.contract.api.GraphSearch;
import org.capitania.contract.event.TextChanged;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FakeEmbed;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class EmbeddingsIT {
    private static final GraphApi WORKER = new GraphApi("worker:embed_worker", "main");

    @Test
    void shouldFindByMeaningWhenTextsAreEmbeddedAndByWordsAloneWhenNobodyEmbeds() throws IOException {
        // Given
        String mark = unique("zz").replace("-", "");
        String car = memo("automobile automobile automobile " + mark);
        memo("horse carriage and a bird");
        embedAll(FakeEmbed.MODEL);
        // When
        GraphSearch.Results found;
        try (FakeEmbed embed = new FakeEmbed()) {
            found = OWNER.search("car");
        }
        GraphSearch.Results without = OWNER.search("car");
        // Then
        assertThat(found.legs()).containsExactly("text", "trigram", "vector");
        assertThat(found.note()).isNull();
        assertThat(found.items()).extracting(GraphSearch.Hit::id).contains(car);
        assertThat(without.legs()).containsExactly("text", "trigram");
        assertThat(without.note()).contains("by words and names alone");
        assertThat(without.items()).extracting(GraphSearch.Hit::id).doesNotContain(car);
    }

    @Test
    void shouldTellOfEachTextThatIsNewOrChangedAndOfNothingElse() {
        try (EventTail tail = EventTail.fromNow("hq.nodes")) {
            // When
            String memo = memo("first words");
            OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"tags\": [\"x\"]}]}", memo);
            OWNER.mutate(
                    "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"body_md\": \"others\"}}]}", memo);
            String last = memo("last");
            // Then
            tail.await(TextChanged.TYPE, event -> event.key().equals(last));
            List<TextChanged> told = tail.ofType(TextChanged.TYPE).stream()
                    .filter(event -> event.key().equals(memo))
                    .map(event -> event.as(TextChanged.class))
                    .toList();
            assertThat(told).hasSize(2);
            assertThat(told).extracting(TextChanged::type).containsOnly("memo");
            assertThat(told)
                    .extracting(TextChanged::textHash)
                    .doesNotHaveDuplicates()
                    .doesNotContainNull();
        }
    }

    @Test
    void shouldRefuseAVectorOfAnOlderTextAndGiveUpATextThatAlwaysFails() {
        // Given
        embedAll(FakeEmbed.MODEL);
        String memo = memo("before " + unique("v"));
        Embeddings.Text text = work(FakeEmbed.MODEL, true).items().getFirst();
        assertThat(text.nodeId()).isEqualTo(memo);
        // When
        OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"body_md\": \"after\"}}]}", memo);
        // Then
        assertThat(put(vectors(FakeEmbed.MODEL, List.of(text))).stored()).isZero();
        Embeddings.Text newer = work(FakeEmbed.MODEL, true).items().getFirst();
        assertThat(newer.text()).contains("after");
        // When
        Embeddings.Vectors failure =
                new Embeddings.Vectors(FakeEmbed.MODEL, List.of(), List.of(new Embeddings.Failure(memo, "unreadable")));
        for (int i = 0; i < KeepVectors.GIVEN_UP; i++) {
            put(failure);
        }
        // Then
        assertThat(models().getFirst().failed()).isEqualTo(1);
        // And a new text is tried again.
        OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"body_md\": \"well\"}}]}", memo);
        embedAll(FakeEmbed.MODEL);
        assertThat(models().getFirst().waiting()).isZero();
    }

    @Test
    void shouldSearchOnWithTheOldModelUntilTheNewOneIsComplete() throws IOException {
        // Given
        String mark = unique("qq").replace("-", "");
        String memo = memo("money money money " + mark);
        embedAll(FakeEmbed.MODEL);
        try (FakeEmbed embed = new FakeEmbed()) {
            assertThat(OWNER.search("quaternion").items())
                    .as("what is like nothing")
                    .isEmpty();
            // When: another model has begun
            Embeddings.Work first = work("other-model", true);
            assertThat(first.state()).isEqualTo("filling");
            assertThat(first.current()).isEqualTo(FakeEmbed.MODEL);
            put(vectors("other-model", first.items()));
            String later = memo("money money money later " + mark);
            // Then: the old one is kept up and answers
            embedAll(FakeEmbed.MODEL, false);
            assertThat(OWNER.search("cash").items())
                    .extracting(GraphSearch.Hit::id)
                    .contains(memo, later);
            assertThat(models().getFirst().model()).isEqualTo(FakeEmbed.MODEL);
            // When: complete
            embedAll("other-model");
            // Then
            assertThat(models().getFirst().model()).isEqualTo("other-model");
            assertThat(models().getFirst().state()).isEqualTo("current");
            assertThat(OWNER.search("cash").items())
                    .extracting(GraphSearch.Hit::id)
                    .contains(memo, later);
            assertThat(OWNER.search("quaternion").items())
                    .as("what is least unlike, of a model whose scale nobody has measured")
                    .isNotEmpty();
            assertThat(work(FakeEmbed.MODEL, false).items()).isEmpty();
            assertThat(models().get(1).vectors()).isZero();
        } finally {
            embedAll(FakeEmbed.MODEL);
        }
    }

    @Test
    void shouldGiveUpAModelThatWasBegunWhenAnotherIsWanted() {
        // Given
        memo("salt and pepper");
        embedAll(FakeEmbed.MODEL);
        Embeddings.Work begun = work("given-up", true);
        assertThat(begun.state()).isEqualTo("filling");
        put(vectors("given-up", begun.items()));
        // When
        embedAll(FakeEmbed.MODEL);
        memo("pepper and salt");
        // Then
        assertThat(models())
                .filteredOn(model -> model.model().equals("given-up"))
                .singleElement()
                .satisfies(model -> {
                    assertThat(model.state()).isEqualTo("retired");
                    assertThat(model.vectors()).isZero();
                    assertThat(model.waiting()).isZero();
                });
        embedAll(FakeEmbed.MODEL);
    }

    @Test
    void shouldTakeVectorsFromTheEmbedWorkerAlone() {
        for (GraphApi other : List.of(OWNER, GraphApi.INGEST)) {
            assertThat(other.request()
                            .body("{\"model\": \"m\", \"dimensions\": 3}")
                            .post("/v1/embeddings/work")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(other.request()
                            .body("{\"model\": \"m\", \"items\": [], \"failed\": []}")
                            .put("/v1/embeddings")
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(WORKER.request()
                        .body("{\"model\": \"m\", \"dimensions\": 3000, \"take_up\": true}")
                        .post("/v1/embeddings/work")
                        .statusCode())
                .isEqualTo(422);
        assertThat(WORKER.request()
                        .body("{\"model\": \"nobody's\", \"items\": [], \"failed\": []}")
                        .put("/v1/embeddings")
                        .statusCode())
                .isEqualTo(422);
    }

    private static String memo(String body) {
        return OWNER.mutate("""
                        {"ops": [{"op": "create", "ref": "m", "type": "memo", "props": {"title": "Memo", "body_md": "%s"}}]}""", body).byRef("m").id();
    }

    /** What the worker does until there is nothing more to do. */
    private static void embedAll(String model) {
        embedAll(model, true);
    }

    private static void embedAll(String model, boolean takeUp) {
        Embeddings.Work work;
        do {
            work = work(model, takeUp);
            put(vectors(model, work.items()));
        } while (work.more());
        work(model, takeUp);
    }

    private static Embeddings.Vectors vectors(String model, List<Embeddings.Text> texts) {
        List<Embeddings.Vector> items = new ArrayList<>();
        for (Embeddings.Text text : texts) {
            items.add(new Embeddings.Vector(text.nodeId(), text.textHash(), FakeEmbed.vector(model, text.text())));
        }
        return new Embeddings.Vectors(model, items, List.of());
    }

    private static List<Embeddings.Model> models() {
        return OWNER.get("/v1/embeddings", Map.of(), Embeddings.class).models();
    }

    private static Embeddings.Work work(String model, boolean takeUp) {
        return read(
                WORKER.request()
                        .body(Json.write(new Embeddings.Ask(model, FakeEmbed.DIMENSIONS, takeUp, 100)))
                        .post("/v1/embeddings/work"),
                Embeddings.Work.class);
    }

    private static Embeddings.Stored put(Embeddings.Vectors vectors) {
        return read(WORKER.request().body(Json.write(vectors)).put("/v1/embeddings"), Embeddings.Stored.class);
    }

    private static <T> T read(Response response, Class<T> type) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        return Json.read(response.asString(), type);
    }
}
