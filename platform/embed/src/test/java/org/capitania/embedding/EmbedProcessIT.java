package org.capitania.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.EmbedTexts.Announcement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process, started and used as the services do. */
class EmbedProcessIT {
    private static final String LOCAL = EmbeddingConfig.Provider.LOCAL.model();

    @TempDir
    Path directory;

    @AfterEach
    void end() throws IOException {
        if (Files.exists(announcement())) {
            long pid = Json.read(Files.readAllBytes(announcement()), Announcement.class)
                    .pid();
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void shouldMakeVectorsThatTellMeaningsApartAndServeEveryServiceOfItsDirectory() throws IOException {
        // Given
        Embedder one = embedder(Map.of());
        Embedder other = embedder(Map.of());
        // When
        List<List<Float>> texts = one.texts(LOCAL, List.of("The shop opens at nine", "An unpaid invoice of May"));
        long first = process().pid();
        List<Float> question = other.query(LOCAL, "when is the store open?");
        // Then
        assertThat(process().pid()).isEqualTo(first);
        assertThat(texts).allSatisfy(vector -> assertThat(vector).hasSize(384));
        assertThat(cosine(question, question)).isBetween(0.999, 1.001);
        assertThat(cosine(question, texts.get(0))).isGreaterThan(cosine(question, texts.get(1)) + 0.1);
        assertThat(Files.getPosixFilePermissions(announcement()))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        // And after a crash it is started again
        process().destroyForcibly();
        await().until(() ->
                ProcessHandle.of(first).filter(ProcessHandle::isAlive).isEmpty());
        assertThat(one.query(LOCAL, "again")).hasSize(384);
        assertThat(process().pid()).isNotEqualTo(first);
    }

    @Test
    void shouldBeGoneWhenNobodyWantsAnything() throws IOException {
        // Given
        // Longer than a busy machine takes from the announcement to the first question.
        Embedder embedder = embedder(Map.of("hq.embedding.idle", "4s"));
        assertThat(embedder.query(LOCAL, "a")).hasSize(384);
        ProcessHandle process = process();
        // Then
        await().atMost(Duration.ofSeconds(20)).until(() -> !process.isAlive());
        assertThat(announcement()).doesNotExist();
    }

    /** As when it ends for want of work between the look whether it listens and the question. */
    @Test
    void shouldAskAnotherProcessWhenTheOneAskedHasJustEnded() throws IOException {
        // Given: what listens as announced hangs up without an answer, and is gone then
        try (ServerSocket ending = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    announcement(),
                    "{\"port\": %d, \"token\": \"t\", \"pid\": %d}"
                            .formatted(ending.getLocalPort(), Integer.MAX_VALUE));
            Thread.ofVirtual().start(() -> hangUp(ending));
            // Then
            assertThat(embedder(Map.of()).query(LOCAL, "a")).hasSize(384);
            assertThat(process().pid()).isNotEqualTo(Integer.MAX_VALUE);
            assertThat(ending.isClosed()).as("it was asked").isTrue();
        }
    }

    private void hangUp(ServerSocket ending) {
        try {
            // The look, and then the question.
            ending.accept().close();
            try (Socket asked = ending.accept()) {
                Files.delete(announcement());
                ending.close();
                assertThat(asked.isConnected()).isTrue();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldSayWhatIsMissingAndNotTryAgainAtOnce() {
        assertThatThrownBy(() ->
                        embedder(Map.of("hq.embedding.jar", "/nowhere.jar")).query(LOCAL, "a"))
                .isInstanceOfSatisfying(
                        CapitaniaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_CONFIGURED));
        Embedder broken = embedder(Map.of("hq.embedding.jar", System.getProperty("java.home") + "/release"));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> broken.query(LOCAL, "a"))
                    .isInstanceOfSatisfying(
                            CapitaniaException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.PROVIDER_UNAVAILABLE));
        }
    }

    @Test
    void shouldAskVoyageWithItsKeyAndTellNobodyTheKey() throws IOException {
        // Given
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        HttpServer voyage = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        voyage.createContext("/", exchange -> {
            try (exchange) {
                String key = exchange.getRequestHeaders().getFirst("Authorization");
                String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                asked.add(key + " " + request);
                boolean known = "Bearer pa-good-key".equals(key);
                String numbers = String.join(
                        ",",
                        IntStream.range(0, 1024)
                                .mapToObj(i -> i < 512 ? "1" : "9")
                                .toList());
                byte[] body = (known
                                ? "{\"object\":\"list\",\"model\":\"voyage-3.5-lite\",\"usage\":{\"total_tokens\":3},\"data\":"
                                        + "[{\"object\":\"embedding\",\"index\":0,\"embedding\":[" + numbers + "]}]}"
                                : "{\"detail\":\"no such key: " + key + "\"}")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(known ? 200 : 401, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        voyage.start();
        String url = "http://127.0.0.1:" + voyage.getAddress().getPort() + "/v1/";
        String model = EmbeddingConfig.Provider.VOYAGE.model();
        try {
            // When
            List<Float> vector = embedder(
                            Map.of("hq.embedding.voyage.api-key", "pa-good-key", "hq.embedding.voyage.base-url", url))
                    .query(model, "what");
            // Then
            assertThat(vector)
                    .hasSize(512)
                    .allSatisfy(number -> assertThat(number).isBetween(0.0441f, 0.0443f));
            assertThat(asked).singleElement().asString().contains("pa-good-key", "\"query\"", "voyage-3.5-lite");
            // And a key that is refused is told by its kind alone
            ProcessHandle first = process();
            first.destroyForcibly();
            await().until(() -> !first.isAlive());
            assertThatThrownBy(() -> embedder(Map.of(
                                    "hq.embedding.voyage.api-key", "pa-bad-key", "hq.embedding.voyage.base-url", url))
                            .query(model, "what"))
                    .isInstanceOfSatisfying(
                            CapitaniaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_CONFIGURED))
                    .hasMessageNotContaining("pa-bad-key");
            assertThat(directory.resolve("log")).content().doesNotContain("pa-good-key", "pa-bad-key");
        } finally {
            voyage.stop(0);
        }
    }

    private Embedder embedder(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "hq.embedding.jar",
                "target/hq-embed/hq-embed.jar",
                "hq.embedding.directory",
                directory.toString(),
                "hq.embedding.log",
                directory.resolve("log").toString(),
                "hq.embedding.query-within",
                "60s"));
        all.putAll(settings);
        return new Embedder(
                new SmallRyeConfigBuilder()
                        .withMapping(EmbeddingConfig.class)
                        .withSources(new PropertiesConfigSource(all, "test", 1000))
                        .withConverter(
                                Duration.class, 500, text -> Duration.parse(text.startsWith("P") ? text : "PT" + text))
                        .build()
                        .getConfigMapping(EmbeddingConfig.class),
                Clock.systemUTC());
    }

    private Path announcement() {
        return directory.resolve("embed.json");
    }

    private ProcessHandle process() throws IOException {
        long pid = Json.read(Files.readAllBytes(announcement()), Announcement.class)
                .pid();
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static double cosine(List<Float> a, List<Float> b) {
        return IntStream.range(0, a.size())
                .mapToDouble(i -> a.get(i) * b.get(i))
                .sum();
    }
}
