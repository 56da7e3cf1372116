package org.capitania.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.capitania.cli.call.HttpClients;
import org.capitania.contract.Json;

/** Looks at a port from outside. */
final class Probe implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final HttpClient http = HttpClients.forScheme(URI.create("http://127.0.0.1"), Duration.ofSeconds(1));

    /** What {@code /q/health/ready} says: UP, DOWN and which check is, or nothing. */
    sealed interface Health {
        record Up() implements Health {}

        record Down(String why) implements Health {}

        record Silent() implements Health {}
    }

    Health health(int port) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200 ? new Health.Up() : new Health.Down(failing(answer.body()));
        } catch (IOException e) {
            return new Health.Silent();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Health.Silent();
        }
    }

    /** Lets its connections go. */
    @Override
    public void close() {
        HttpClients.close(http);
    }

    private static String failing(byte[] body) {
        try {
            StringBuilder names = new StringBuilder();
            for (JsonNode check : Json.MAPPER.readTree(body).path("checks")) {
                if (!check.path("status").asText().equals("UP")) {
                    names.append(names.isEmpty() ? "" : ", ")
                            .append(check.path("name").asText());
                }
            }
            return names.isEmpty() ? "not ready" : names.toString();
        } catch (IOException e) {
            return "not ready";
        }
    }

    static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
