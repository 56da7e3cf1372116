package org.capitania.registry.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.sqlclient.Row;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FakeEmbed;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Acts get their vectors behind the ledger's back, and are found by them. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class ActionVectorsIT {
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");

    @Inject
    Sql sql;

    @Inject
    EmbedActions embedActions;

    private FakePeers peers;
    private Fleet.Run operator;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        new FakeGraph(peers);
        Fleet.curate("operator", "hq_search", "hq_action_log");
        Fleet.curate("chief", "hq_search", "hq_action_log");
        operator = Fleet.wake("operator");
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldFindActsByWhatTheyWereAboutOnceVectorsAreMade() throws IOException {
        // Given: two acts, one by a person, and nobody who makes vectors
        String insured = search(operator, "insurance of a zebra striped automobile");
        String baked = search(operator, "flour of a bakery");
        String asked = "owner-" + UUID.randomUUID();
        Fleet.owner("hq_search", asked, Map.of("query", "insurance of a zebra striped automobile"));
        awaitEntries(insured, baked, asked);
        assertThatThrownBy(() -> embedActions.embed("main")).isInstanceOf(CapitaniaException.class);
        assertThat(vector(insured)).isEmpty();
        assertThat(Fleet.refusal(like(operator, "zebra striped car"))).isEqualTo("not_configured");
        assertThat(operator.call("hq_action_log", Map.of()).ok())
                .as("the log itself needs none")
                .isTrue();

        try (FakeEmbed embed = new FakeEmbed()) {
            // When: somebody does, some time later
            embedActions.embed("main");
            // Then
            Row row = vector(insured).orElseThrow();
            assertThat(row.getString("model")).isEqualTo(FakeEmbed.MODEL);
            assertThat(row.getInteger("dimensions")).isEqualTo(FakeEmbed.DIMENSIONS);
            assertThat(row.getInteger("width")).isEqualTo(512);
            assertThat(vector(asked)).as("a person's own").isEmpty();
            JsonNode found =
                    like(operator, "zebra striped car insurance").data().path("actions");
            assertThat(found.get(0).path("id").asText()).isEqualTo(insured);
            assertThat(found.get(0).path("similarity").asDouble()).isBetween(0.5, 1.0);
            List<Double> similarities = new ArrayList<>();
            found.forEach(line -> similarities.add(line.path("similarity").asDouble()));
            assertThat(similarities).hasSizeGreaterThan(1).isSortedAccordingTo((a, b) -> Double.compare(b, a));
            // And: who speaks to the outside finds its own only
            Fleet.Run chief = Fleet.wake("chief");
            assertThat(like(chief, "zebra striped car insurance").data().toString())
                    .doesNotContain(insured);
            // And: nothing is made twice
            embedActions.embed("main");
            assertThat(embed.texts()).containsOnlyOnce("hq search. query insurance of a zebra striped automobile");
        }
    }

    @Test
    void shouldLeaveOutOneThatIsRefusedAndKeepTheOthers() throws IOException {
        String key = "ghp_" + "k".repeat(36);
        String before = search(operator, "before it, with the key " + key);
        String refused = search(operator, "something " + FakeEmbed.REFUSED);
        String after = search(operator, "after it");
        awaitEntries(before, refused, after);

        try (FakeEmbed embed = new FakeEmbed()) {
            embedActions.embed("main");
            assertThat(vector(before)).isPresent();
            assertThat(vector(refused)).isEmpty();
            assertThat(vector(after)).isPresent();
            assertThat(embed.texts())
                    .noneMatch(text -> text.contains(key))
                    .anyMatch(text -> text.contains("before it"));
            int texts = embed.texts().size();
            embedActions.embed("main");
            assertThat(embed.texts().subList(texts, embed.texts().size()))
                    .as("it is not asked for again")
                    .noneMatch(text -> text.contains(FakeEmbed.REFUSED));
        }
    }

    @Test
    void shouldSetAsideWhatIsNoVectorAndKeepTheOthers() throws IOException {
        String before = search(operator, "the one before");
        String empty = search(operator, "something " + FakeEmbed.EMPTY);
        String between = search(operator, "the one between");
        String wide = search(operator, "something " + FakeEmbed.LONG);
        String infinite = search(operator, "something " + FakeEmbed.INFINITE);
        String after = search(operator, "the one after");
        awaitEntries(before, empty, between, wide, infinite, after);
        try (FakeEmbed embed = new FakeEmbed()) {
            embedActions.embed("main");
            assertThat(List.of(before, between, after))
                    .allSatisfy(call -> assertThat(vector(call)).isPresent());
            assertThat(List.of(empty, wide, infinite))
                    .allSatisfy(call -> assertThat(vector(call)).isEmpty());
            assertThat(reason(empty)).contains("384 numbers", "but 0");
            assertThat(reason(wide)).contains("but 385");
            assertThat(reason(infinite)).contains("not all of them finite");
            // And: what is looked for is refused in words too, and is no fault of the gateway's
            assertThat(Fleet.refusal(like(operator, FakeEmbed.INFINITE))).isEqualTo("provider_rejected");
        }
    }

    private String reason(String call) {
        return sql.tx(
                SCOPE,
                tx -> tx.one("SELECT reason FROM unembedded_actions WHERE call_id = $1", call)
                        .orElseThrow()
                        .getString("reason"));
    }

    private static String search(Fleet.Run run, String query) {
        String call = run.nextCall();
        assertThat(run.call("hq_search", call, Map.of("query", query)).ok()).isTrue();
        return call;
    }

    private static ToolResult like(Fleet.Run run, String words) {
        return run.call("hq_action_log", Map.of("like", words, "limit", 5));
    }

    private void awaitEntries(String... calls) {
        await().until(() -> sql.tx(
                        SCOPE,
                        tx -> tx.one(
                                        "SELECT count(DISTINCT call_id) AS entries FROM agent_actions WHERE call_id = ANY($1)",
                                        (Object) calls)
                                .orElseThrow()
                                .getLong("entries"))
                == calls.length);
    }

    private Optional<Row> vector(String call) {
        return sql.tx(SCOPE, tx -> tx.one("""
                        SELECT e.model, e.dimensions, cardinality(a.embedding) AS width
                          FROM action_embeddings e JOIN actions a ON a.id = e.call_id WHERE e.call_id = $1 LIMIT 1
                        """, call));
    }
}
