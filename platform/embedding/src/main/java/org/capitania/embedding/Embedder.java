package org.capitania.embedding;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.contract.api.EmbedTexts;
import org.jspecify.annotations.Nullable;

/** Makes vectors of texts. What keeps it from doing so is {@code PROVIDER_UNAVAILABLE}, at once for a while after
 * it happened, or {@code NOT_CONFIGURED}. Blocking. */
@ApplicationScoped
public class Embedder {
    private final EmbeddingConfig config;
    private final Clock clock;
    private final EmbedProcess process;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    /** By model: what one provider refuses is no reason not to ask another. */
    private final Map<String, Instant> notBefore = new ConcurrentHashMap<>();

    Embedder(EmbeddingConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.process = new EmbedProcess(config);
    }

    /** The vector of what somebody searches for, of length 1. */
    public List<Float> query(String model, String words) {
        return embed(new EmbedTexts(model, true, List.of(words)), config.queryWithin())
                .getFirst();
    }

    /** One vector a text, each of length 1, in the order of the texts. */
    public List<List<Float>> texts(String model, List<String> texts) {
        return embed(new EmbedTexts(model, false, texts), config.batchWithin());
    }

    private List<List<Float>> embed(EmbedTexts texts, Duration within) {
        if (clock.instant().isBefore(notBefore.getOrDefault(texts.model(), Instant.MIN))) {
            throw unavailable("the embedding process failed a moment ago", null);
        }
        try {
            List<List<Float>> vectors = answer(texts, within);
            if (vectors.size() != texts.texts().size()) {
                throw unavailable("the embedding process answered with too few vectors", null);
            }
            return vectors;
        } catch (CapitaniaException e) {
            if (e.code() == ErrorCode.PROVIDER_UNAVAILABLE) {
                notBefore.put(texts.model(), clock.instant().plus(config.pauseAfterFailure()));
            }
            throw e;
        }
    }

    private List<List<Float>> answer(EmbedTexts texts, Duration within) {
        try {
            return send(process.announced(within), texts, within);
        } catch (IOException e) {
            Log.debugf(e, "the embedding process ended while it was asked");
        }
        // Once more: a process that nobody has wanted for a while may end at the very moment when somebody does.
        try {
            return send(process.announced(within), texts, within);
        } catch (IOException e) {
            throw unavailable("the embedding process does not answer: " + e, e);
        }
    }

    private List<List<Float>> send(EmbedTexts.Announcement process, EmbedTexts texts, Duration within)
            throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + process.port() + "/v1/embed"))
                .timeout(within)
                .header("Authorization", "Bearer " + process.token())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.bytes(texts)))
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw refused(response);
            }
            return sound(texts.model(), Json.read(response.body(), EmbedTexts.Vectors.class));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted while waiting for the embedding process", e);
        } catch (HttpTimeoutException e) {
            throw unavailable("the embedding process took longer than " + within.toSeconds() + " s", e);
        }
    }

    /** The vectors, if each of them is one: as long as it should be, and made of numbers that say where it points. */
    private List<List<Float>> sound(String model, EmbedTexts.Vectors made) {
        boolean own = model.equals(config.provider().model());
        int expected = own ? config.provider().dimensions() : made.dimensions();
        for (List<Float> vector : made.vectors()) {
            boolean numbers = vector != null
                    && !vector.isEmpty()
                    && vector.stream().allMatch(number -> number != null && Float.isFinite(number));
            if (!numbers || vector.size() != expected || vector.stream().allMatch(number -> number == 0)) {
                int length = vector == null ? 0 : vector.size();
                throw new CapitaniaException(
                        ErrorCode.PROVIDER_REJECTED,
                        "the answer is no vector of " + expected + " numbers, but "
                                + (numbers && length == expected ? "only zeros" : length + " of them")
                                + (numbers ? "" : ", not all of them finite"));
            }
        }
        return made.vectors();
    }

    private static CapitaniaException refused(HttpResponse<byte[]> response) {
        String type = response.headers().firstValue("content-type").orElse("");
        return type.startsWith("application/problem+json")
                ? Json.read(response.body(), Problem.class).toException()
                : unavailable("the embedding process answered " + response.statusCode(), null);
    }

    static CapitaniaException unavailable(String detail, @Nullable Throwable cause) {
        return new CapitaniaException(ErrorCode.PROVIDER_UNAVAILABLE, detail, List.of(), null, cause);
    }
}
