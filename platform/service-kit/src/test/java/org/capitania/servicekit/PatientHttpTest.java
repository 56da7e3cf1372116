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
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PatientHttpTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final CountDownLatch over = new CountDownLatch(1);
    private final PatientHttp http = PatientHttp.inside(Duration.ofSeconds(5));
    private final List<String> ports = new ArrayList<>();
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
        server.createContext("/port", exchange -> {
            begin(exchange);
            say(exchange, exchange.getRemoteAddress().toString());
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
        http.close();
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
        assertThatThrownBy(() -> http.send(request("/silent"), Duration.ofMillis(400), LONG, LONG))
                .isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void shouldSayThatNobodyWasReached() {
        HttpGet nowhere = request("/silent");
        server.stop(0);

        assertThatThrownBy(() -> http.send(nowhere, LONG, LONG, LONG)).isInstanceOf(PatientHttp.Unreached.class);
    }

    @Test
    void shouldKeepItsConnectionWhenItHasReadAllAndCutItOffElse() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (InputStream body = body("/port", LONG, LONG)) {
                ports.add(text(body));
            }
        }
        try (InputStream body = body("/port", LONG, LONG)) {
            assertThat(body.read()).isPositive();
        }
        try (InputStream body = body("/port", LONG, LONG)) {
            ports.add(text(body));
        }

        assertThat(ports.get(1)).isEqualTo(ports.get(0));
        assertThat(ports.get(2)).isNotEqualTo(ports.get(0));
    }

    @Test
    void shouldEndUnderAReaderWhenAnotherThreadClosesIt() throws Exception {
        InputStream body = body("/stops", LONG, LONG);
        CompletableFuture<Throwable> why = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                why.complete(new AssertionError("it ended with " + text(body).length()));
            } catch (IOException e) {
                why.complete(e);
            }
        });
        pause(Duration.ofMillis(300));

        body.close();

        assertThat(why.get(5, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    private InputStream body(String path, Duration stall, Duration longest) throws Exception {
        return http.send(request(path), LONG, stall, longest).body();
    }

    private HttpGet request(String path) {
        return new HttpGet(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path));
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
