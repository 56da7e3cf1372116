package org.capitania.servicekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PatientHttpTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final CountDownLatch over = new CountDownLatch(1);
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/silent", exchange -> pause(LONG));
        server.createContext("/steady", exchange -> {
            begin(exchange);
            for (int i = 0; i < 6; i++) {
                say(exchange, "word ");
                pause(Duration.ofMillis(300));
            }
            exchange.close();
        });
        server.createContext("/stops", exchange -> {
            begin(exchange);
            say(exchange, "half");
            pause(LONG);
        });
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        http.shutdownNow();
    }

    @Test
    void shouldReadAnAnswerThatTakesLongerThanAnyOfItsPiecesMay() throws Exception {
        try (InputStream body = body("/steady", Duration.ofSeconds(1), LONG)) {
            assertThat(text(body)).isEqualTo("word ".repeat(6));
        }
    }

    @Test
    void shouldEndWhenNothingComesAnyMore() throws Exception {
        try (InputStream body = body("/stops", Duration.ofMillis(400), LONG)) {
            assertThat(body.readNBytes(4)).asString().isEqualTo("half");
            assertThatThrownBy(body::read)
                    .isInstanceOf(PatientHttp.Stalled.class)
                    .hasMessageContaining("nothing came");
        }
    }

    @Test
    void shouldEndWhenItNeverEnds() throws Exception {
        try (InputStream body = body("/steady", LONG, Duration.ofMillis(700))) {
            assertThatThrownBy(() -> text(body))
                    .isInstanceOf(PatientHttp.Stalled.class)
                    .hasMessageContaining("did not end");
        }
    }

    @Test
    void shouldNotTakeASlowReaderForASilentAnswer() throws Exception {
        try (InputStream body = body("/stops", Duration.ofMillis(400), LONG)) {
            assertThat(body.readNBytes(2)).asString().isEqualTo("ha");
            pause(Duration.ofMillis(900));
            assertThat(body.readNBytes(2)).asString().isEqualTo("lf");
        }
    }

    @Test
    void shouldNotWaitForEverForAnAnswerToBegin() {
        assertThatThrownBy(() -> PatientHttp.send(http, request("/silent"), Duration.ofMillis(400)))
                .isInstanceOf(HttpTimeoutException.class);
    }

    private InputStream body(String path, Duration stall, Duration longest) throws Exception {
        HttpResponse<InputStream> response = PatientHttp.send(http, request(path), LONG);
        return PatientHttp.body(response, stall, longest);
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path))
                .build();
    }

    private static String text(InputStream body) throws IOException {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void begin(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
    }

    private static void say(HttpExchange exchange, String words) throws IOException {
        exchange.getResponseBody().write(words.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private void pause(Duration length) throws IOException {
        try {
            assertThat(over.await(length.toMillis(), TimeUnit.MILLISECONDS)).isIn(true, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
