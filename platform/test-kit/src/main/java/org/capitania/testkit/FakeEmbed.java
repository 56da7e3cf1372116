package org.capitania.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.contract.api.EmbedTexts;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * What stands where {@code hq-embed} announces itself: each word is a direction of its own, save that a few words mean the same. Its two
 * models have different directions. A request in which somebody says {@value #REFUSED} is refused whole. A text
 * with {@value #EMPTY}, {@value #LONG} or {@value #INFINITE} gets what is no vector.
 */
public final class FakeEmbed implements AutoCloseable {
    public static final String MODEL = "bge-small-en-v1.5-q";
    public static final int DIMENSIONS = 384;
    public static final String REFUSED = "unembeddable";
    public static final String EMPTY = "emptyvector";
    public static final String LONG = "longvector";
    public static final String INFINITE = "infinitevector";
    private static final Map<String, String> SAME = Map.of("car", "automobile", "cash", "money");

    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final Path announcement;

    public FakeEmbed() {
        try {
            Path directory = Path.of(ConfigProvider.getConfig().getValue("hq.home", String.class), "run");
            announcement = Files.createDirectories(directory).resolve("embed.json");
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/v1/embed", this::answer);
            server.start();
            Files.write(
                    announcement,
                    Json.bytes(new EmbedTexts.Announcement(
                            server.getAddress().getPort(),
                            "fake",
                            ProcessHandle.current().pid())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<Float> vector(String model, String text) {
        float[] sum = new float[DIMENSIONS];
        for (String word : text.toLowerCase(java.util.Locale.ROOT).split("[^a-z0-9]+")) {
            Random direction = new Random((model + SAME.getOrDefault(word, word)).hashCode());
            for (int i = 0; i < DIMENSIONS; i++) {
                sum[i] += (float) direction.nextGaussian();
            }
        }
        double length = 0;
        for (float number : sum) {
            length += number * number;
        }
        List<Float> vector = new ArrayList<>();
        for (float number : sum) {
            vector.add((float) (number / Math.sqrt(length)));
        }
        return vector;
    }

    /** What it was asked for, in order. */
    public List<String> texts() {
        return texts;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            EmbedTexts asked = Json.read(exchange.getRequestBody().readAllBytes(), EmbedTexts.class);
            texts.addAll(asked.texts());
            if (asked.texts().stream().anyMatch(text -> text.contains(REFUSED))) {
                CapitaniaException refusal = new CapitaniaException(ErrorCode.PROVIDER_REJECTED, "it cannot be read");
                exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
                send(exchange, 502, Json.bytes(Problem.of(refusal, null)));
                return;
            }
            List<List<Float>> vectors = asked.texts().stream()
                    .map(text -> odd(text, vector(asked.model(), text)))
                    .toList();
            send(exchange, 200, Json.bytes(new EmbedTexts.Vectors(asked.model(), DIMENSIONS, vectors)));
        }
    }

    private static List<Float> odd(String text, List<Float> vector) {
        if (text.contains(EMPTY)) {
            return List.of();
        }
        if (text.contains(LONG)) {
            vector.add(0f);
        }
        if (text.contains(INFINITE)) {
            vector.set(0, Float.POSITIVE_INFINITY);
        }
        return vector;
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
        Files.deleteIfExists(announcement);
    }
}
