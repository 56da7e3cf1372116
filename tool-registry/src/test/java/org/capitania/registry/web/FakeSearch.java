package org.capitania.registry.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.capitania.contract.Json;

/** Providers of searches, {@code /search} as SearXNG and {@code /brave} as Brave; the first title says what was asked, some words are answered otherwise. */
public final class FakeSearch {
    private FakeSearch() {}

    public static void mount(HttpServer server) {
        server.createContext("/search", FakeSearch::searxng);
        server.createContext("/brave", FakeSearch::brave);
    }

    private static void searxng(HttpExchange exchange) throws IOException {
        String asked = Objects.requireNonNull(exchange.getRequestURI().getQuery());
        if (asked.contains("q=elsewhere")) {
            exchange.getResponseHeaders().set("location", "/search?q=bread");
            send(exchange, 302, "");
        } else if (asked.contains("q=forbidden")) {
            send(exchange, 403, "");
        } else if (asked.contains("q=busy")) {
            send(exchange, 429, "");
        } else if (asked.contains("q=broken")) {
            send(exchange, 200, "<html>");
        } else if (asked.contains("q=large")) {
            send(exchange, 200, Json.write(Map.of("results", List.of(), "more", "x".repeat(3 * 1024 * 1024))));
        } else {
            send(
                    exchange,
                    200,
                    Json.write(Map.of(
                            "results",
                            List.of(
                                    result("content", asked, "http://203.0.113.9/found?a=1"),
                                    result("content", "A script", "javascript:alert(1)"),
                                    result("content", "Another", "https://203.0.113.9/another"),
                                    result("content", "A third", "https://203.0.113.9/third")))));
        }
    }

    private static void brave(HttpExchange exchange) throws IOException {
        String key = exchange.getRequestHeaders().getFirst("X-Subscription-Token");
        String asked = exchange.getRequestURI().getQuery() + " key=" + key;
        send(
                exchange,
                200,
                Json.write(Map.of(
                        "web", Map.of("results", List.of(result("description", asked, "https://203.0.113.9/brave"))))));
    }

    private static Map<String, String> result(String extract, String title, String url) {
        return Map.of("title", title, "url", url, extract, "Open <strong>from</strong> 9 &amp; to 5");
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }
}
