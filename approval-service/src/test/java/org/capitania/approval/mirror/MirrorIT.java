package org.capitania.approval.mirror;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.approval.proposal.Arrivals;
import org.capitania.approval.proposal.FakeRegistry;
import org.capitania.approval.proposal.Frozen;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.event.FrozenCall;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The node follows the proposal or the review, whatever the graph does meanwhile. */
@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class MirrorIT {
    /** A node as the played graph keeps it. */
    private record Node(String status, int version) {}

    private static final String NOBODY = "0192f000-0000-7000-8000-00000000dead";

    @Inject
    Arrivals arrivals;

    @Inject
    Mirror mirror;

    private final Map<String, Node> nodes = new ConcurrentHashMap<>();
    private final Set<String> keys = new HashSet<>();
    private FakePeers peers;
    private FakeRegistry registry;
    private volatile boolean down;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        registry = new FakeRegistry(peers);
        peers.on(Service.GRAPH_SERVICE, "POST", "/v1/mutations", r -> mutate(r.tenant(), r.body(), r.idempotencyKey()));
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldFollowWhenTheProposalMoves() {
        // When
        FrozenCall frozen = registry.freeze(Frozen.reply(UUID.randomUUID()));
        UUID id = arrivals.arrive(frozen);
        await().untilAsserted(() -> assertThat(status(id)).isEqualTo("pending"));
        arrivals.approve(id);
        arrivals.claim(id, "k1");
        arrivals.report(id, "k1");
        // Then
        await().untilAsserted(() -> assertThat(status(id)).isEqualTo("executed"));
        JsonNode create = peers.requests("POST", "/v1/mutations").stream()
                .map(FakePeers.Request::body)
                .filter(b -> b.toString().contains(id.toString()))
                .findFirst()
                .orElseThrow()
                .path("ops");
        assertThat(create.path(0).path("external_source").asText()).isEqualTo("approval");
        assertThat(create.path(1).path("type").asText()).isEqualTo("about");
        assertThat(create.path(1).path("to").asText()).isEqualTo(Frozen.CONVERSATION);
    }

    @Test
    void shouldCatchUpWithoutHoldingADecisionWhenTheGraphWasDown() {
        // Given
        down = true;
        UUID id = arrivals.arrive(registry.freeze(Frozen.reply(UUID.randomUUID())));
        // When
        arrivals.approve(id);
        assertThat(nodes).doesNotContainKey(id.toString());
        down = false;
        // Then
        await().ignoreExceptionsInstanceOf(CapitaniaException.class).untilAsserted(() -> {
            mirror.mirror();
            assertThat(status(id)).isEqualTo("approved");
        });
    }

    @Test
    void shouldServeTheOtherTenantsWhenItFailsForOne() {
        // Given
        down = true;
        UUID id = arrivals.arrive(registry.freeze(Frozen.reply(UUID.randomUUID())));
        UUID theirs = arrivals.arrive("other", registry.freeze(Frozen.reply(UUID.randomUUID())));
        // Then: theirs comes after
        await().untilAsserted(() -> assertThat(status(theirs)).isEqualTo("pending"));
        assertThat(status(id)).isEqualTo("none");
    }

    @Test
    void shouldBeginAgainWhenTheNodeIsAtAnotherVersion() {
        // Given
        UUID id = arrivals.arrive(registry.freeze(Frozen.reply(UUID.randomUUID())));
        await().untilAsserted(() -> assertThat(status(id)).isEqualTo("pending"));
        nodes.computeIfPresent(id.toString(), (key, node) -> new Node("pending", node.version() + 5));
        // When
        arrivals.approve(id);
        // Then
        await().untilAsserted(() -> {
            mirror.mirror();
            assertThat(status(id)).isEqualTo("approved");
        });
    }

    @Test
    void shouldFollowAReviewToItsAnswer() {
        // Given: about a node that the graph does not know
        String id = review(
                "system:ingest-workers",
                "",
                Map.of(
                        "kind",
                        "conflict",
                        "title",
                        "Two addresses",
                        "detail",
                        "Which is it?",
                        "node_id",
                        NOBODY,
                        "options",
                        List.of(Map.of("id", "opt-1", "label", "Porto"))));
        await().untilAsserted(() -> assertThat(status(UUID.fromString(id))).isEqualTo("open"));
        JsonNode made = last(id);
        assertThat(made.path(0).path("type").asText()).isEqualTo("review");
        assertThat(made.path(0).path("props").path("question_text").asText()).isEqualTo("Which is it?");
        assertThat(made.path(0).path("tainted").asBoolean()).isTrue();
        assertThat(made).hasSize(1);
        // When
        review("user:owner", "/" + id + "/defer", Map.of());
        await().untilAsserted(() -> assertThat(status(UUID.fromString(id))).isEqualTo("deferred"));
        review(
                "user:owner",
                "/" + id + "/defer",
                Map.of("until", Instant.now().plusSeconds(3).toString()));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(status(UUID.fromString(id))).isEqualTo("open"));
        assertThat(last(id).at("/0/props").has("deferred_until")).isTrue();
        assertThat(last(id).at("/0/props/deferred_until").isNull()).isTrue();
        review("user:owner", "/" + id + "/resolve", Map.of("choice", "opt-1"));
        // Then
        await().untilAsserted(() -> assertThat(status(UUID.fromString(id))).isEqualTo("resolved"));
        assertThat(last(id).at("/0/props/choice").asText()).isEqualTo("opt-1");
        assertThat(last(id).at("/0/props/resolved_by").asText()).isEqualTo("user:owner");
    }

    /** What the graph was told last of a node. */
    private JsonNode last(String id) {
        return peers.requests("POST", "/v1/mutations").stream()
                .map(FakePeers.Request::body)
                .filter(body -> body.toString().contains(id))
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .path("ops");
    }

    private static String review(String principal, String path, Map<String, ?> body) {
        return given().auth()
                .oauth2(TestTokens.bearer(principal, Service.APPROVAL_SERVICE))
                .contentType(ContentType.JSON)
                .body(body)
                .post("/v1/reviews" + path)
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    private String status(UUID id) {
        Node node = nodes.get(id.toString());
        return node == null ? "none" : node.status();
    }

    private synchronized Object mutate(String tenant, JsonNode batch, String key) {
        if (down && tenant.equals("main")) {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "the graph is down");
        }
        assertThat(keys.add(key))
                .as("a key is used for one batch only: %s", key)
                .isTrue();
        if (batch.at("/ops/1/to").asText().equals(NOBODY)) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "there is no node " + NOBODY);
        }
        JsonNode op = batch.path("ops").path(0);
        if (op.path("op").asText().equals("create")) {
            assertOfItsType(op);
        }
        String id = op.path("op").asText().equals("create")
                ? op.path("external_id").asText()
                : op.path("id").asText();
        boolean created = op.path("op").asText().equals("create") && !nodes.containsKey(id);
        if (created) {
            nodes.put(id, new Node(op.path("status").asText(), 1));
        } else if (op.path("op").asText().equals("patch")) {
            Node node = nodes.get(id);
            if (node.version() != op.path("version").asInt()) {
                throw new CapitaniaException(ErrorCode.VERSION_CONFLICT, "it is at version " + node.version());
            }
            nodes.put(id, new Node(op.path("status").asText(), node.version() + 1));
        }
        return Map.of(
                "results",
                List.of(Map.of(
                        "op",
                        op.path("op").asText(),
                        "ref",
                        "proposal",
                        "id",
                        id,
                        "version",
                        nodes.get(id).version(),
                        "created",
                        created,
                        "changed",
                        true)),
                "audit_event_id",
                "m");
    }

    /** As graph-service would take it. */
    private static void assertOfItsType(JsonNode op) {
        Path file = Path.of(
                "../graph-service/src/main/resources/types/nodes",
                op.path("type").asText() + ".json");
        try {
            JsonNode type = Json.MAPPER.readTree(file.toFile());
            assertThat(type.path("properties").properties().stream().map(Map.Entry::getKey))
                    .containsAll(op.path("props").properties().stream()
                            .map(Map.Entry::getKey)
                            .toList());
            assertThat(type.path("x-statuses")).contains(op.path("status"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
