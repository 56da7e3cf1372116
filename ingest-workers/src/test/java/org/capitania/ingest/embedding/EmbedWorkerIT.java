package org.capitania.ingest.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.contract.api.EmbedTexts;
import org.capitania.contract.api.Embeddings;
import org.capitania.contract.event.TextChanged;
import org.capitania.ingest.IngestScenario;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What graph-service hands out is embedded and handed back, when it says so. */
@QuarkusTest
class EmbedWorkerIT extends IngestScenario {
    private static final String LOCAL = "bge-small-en-v1.5-q";
    /** A model whose key has been taken away. */
    private static final String GONE = "gone";

    @Inject
    Sql sql;

    private final Queue<Embeddings.Work> work = new ConcurrentLinkedQueue<>();
    private HttpServer embed;

    @BeforeEach
    void embed() throws IOException {
        Path directory =
                Files.createDirectories(Path.of(ConfigProvider.getConfig().getValue("hq.home", String.class), "run"));
        embed = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        embed.createContext("/v1/embed", exchange -> {
            try (exchange) {
                EmbedTexts texts = Json.read(exchange.getRequestBody().readAllBytes(), EmbedTexts.class);
                boolean bad = texts.texts().stream().anyMatch(text -> text.startsWith("bad"));
                boolean gone = texts.model().equals(GONE);
                Problem problem = Problem.of(
                        new CapitaniaException(
                                gone ? ErrorCode.NOT_CONFIGURED : ErrorCode.PROVIDER_REJECTED, "no vectors"),
                        null);
                byte[] body = bad || gone
                        ? Json.bytes(problem)
                        : Json.bytes(new EmbedTexts.Vectors(
                                texts.model(),
                                dimensions(texts.model()),
                                texts.texts().stream()
                                        .map(text -> vector(text, dimensions(texts.model())))
                                        .toList()));
                exchange.getResponseHeaders()
                        .set("Content-Type", bad || gone ? "application/problem+json" : "application/json");
                exchange.sendResponseHeaders(bad || gone ? problem.status() : 200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        embed.start();
        Files.write(
                directory.resolve("embed.json"),
                Json.bytes(new EmbedTexts.Announcement(embed.getAddress().getPort(), "t", 1)));
        peers.on("POST", "/v1/embeddings/work", request -> {
            Embeddings.Ask ask = Json.convert(request.body(), Embeddings.Ask.class);
            Embeddings.Work next = work.peek();
            boolean asked = next != null
                    && next.model().equals(ask.model())
                    && request.tenant().equals("main");
            if (asked) {
                work.remove();
                return next;
            }
            return new Embeddings.Work(ask.model(), "current", LOCAL, false, List.of());
        });
        peers.on("PUT", "/v1/embeddings", request -> new Embeddings.Stored(0));
    }

    @AfterEach
    void end() {
        embed.stop(0);
    }

    @Test
    void shouldEmbedWhatIsHandedOutWhenATextHasChanged() {
        // Given: more than one batch, a text that is refused, and an older model that still answers
        work.add(new Embeddings.Work(
                LOCAL, "filling", "older", true, List.of(text("1", "abc"), text("2", "bad"), text("3", "a"))));
        work.add(new Embeddings.Work("older", "current", "older", false, List.of(text("4", "ab"))));
        work.add(new Embeddings.Work(LOCAL, "current", LOCAL, false, List.of(text("5", "abcd"))));
        // When
        sql.run(
                Scope.of("main", "system:test", null),
                tx -> tx.publish(TextChanged.TYPE, "1", new TextChanged("1", "memo", "h1")));
        // Then
        await().atMost(Duration.ofSeconds(20)).until(() -> vectors().count() == 4);
        assertThat(vectors()
                        .map(item -> item.path("node_id").asText() + " "
                                + item.path("text_hash").asText() + " "
                                + item.path("vector").path(0).asInt() + " of "
                                + item.path("vector").size()))
                .containsExactlyInAnyOrder("1 h1 3 of 384", "3 h3 1 of 384", "4 h4 2 of 2", "5 h5 4 of 384");
        assertThat(peers.requests("PUT", "/v1/embeddings").getFirst().body().path("failed"))
                .hasSize(1)
                .first()
                .matches(failure -> failure.path("node_id").asText().equals("2"));
        assertThat(peers.requests("PUT", "/v1/embeddings"))
                .allMatch(request -> request.subject().equals("worker:embed_worker"));
        Map<String, Object> worker =
                as("user:owner").get("/v1/workers").jsonPath().getMap("items.find { it.name == 'embed_worker' }");
        assertThat(worker).containsEntry("state", "running");
    }

    @Test
    void shouldGoOnWithTheNewModelWhenTheKeyOfTheOldOneIsGone() {
        // Given: the old one answers queries until the new one is complete, and has texts of its own
        work.add(new Embeddings.Work(LOCAL, "filling", GONE, true, List.of(text("6", "abc"))));
        work.add(new Embeddings.Work(GONE, "current", GONE, false, List.of(text("7", "ab"))));
        work.add(new Embeddings.Work(LOCAL, "filling", GONE, true, List.of(text("8", "a"))));
        work.add(new Embeddings.Work(LOCAL, "current", LOCAL, false, List.of(text("9", "abcd"))));
        // When
        sql.run(
                Scope.of("main", "system:test", null),
                tx -> tx.publish(TextChanged.TYPE, "6", new TextChanged("6", "memo", "h6")));
        // Then
        await().atMost(Duration.ofSeconds(20)).until(() -> vectors().count() == 3);
        assertThat(vectors().map(item -> item.path("node_id").asText())).containsExactly("6", "8", "9");
    }

    private Stream<JsonNode> vectors() {
        return peers.requests("PUT", "/v1/embeddings").stream()
                .flatMap(request -> Stream.of(Json.convert(request.body().path("items"), JsonNode[].class)));
    }

    /** The local model's vectors are as long as it makes them; those of one that is not ours may be of any length. */
    private static int dimensions(String model) {
        return model.equals(LOCAL) ? 384 : 2;
    }

    private static List<Float> vector(String text, int dimensions) {
        return Stream.concat(Stream.of((float) text.length()), Collections.nCopies(dimensions - 1, 0f).stream())
                .toList();
    }

    private static Embeddings.Text text(String id, String text) {
        return new Embeddings.Text(id, "h" + id, text);
    }
}
