package org.capitania.registry.web;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jsoup.Jsoup;

/**
 * A provider of searches: where it is asked, what it is told beside the words, and where its results stand in the answer.
 *
 * @param limit the parameter that says how many results are wanted; empty where there is none
 * @param extract what a result calls its extract
 */
record SearchProvider(
        URI endpoint,
        Map<String, String> parameters,
        String limit,
        Map<String, String> headers,
        JsonPointer results,
        String extract) {
    private static final int LONGEST_ADDRESS = 2000;
    private static final int LONGEST_TEXT = 2000;
    private static final int SHOWN = 600;

    /** One result; what it says comes from outside. */
    record Hit(String title, String url, String extract) {}

    /** The one that is configured. */
    static Optional<SearchProvider> of(SearchConfig config) {
        return config.searxngUrl()
                .map(SearchProvider::searxng)
                .or(() -> config.braveApiKey().map(key -> brave(config.braveUrl(), key)));
    }

    private static SearchProvider searxng(URI endpoint) {
        return new SearchProvider(
                endpoint, Map.of("format", "json"), "", Map.of(), JsonPointer.compile("/results"), "content");
    }

    private static SearchProvider brave(URI endpoint, String key) {
        return new SearchProvider(
                endpoint,
                Map.of("text_decorations", "false"),
                "count",
                Map.of("X-Subscription-Token", key),
                JsonPointer.compile("/web/results"),
                "description");
    }

    URI address(String query, int wanted) {
        StringBuilder address = new StringBuilder(endpoint.toString())
                .append(endpoint.getRawQuery() == null ? '?' : '&')
                .append("q=")
                .append(encoded(query));
        parameters.forEach(
                (name, value) -> address.append('&').append(name).append('=').append(encoded(value)));
        if (!limit.isEmpty()) {
            address.append('&').append(limit).append('=').append(wanted);
        }
        return URI.create(address.toString());
    }

    /** The first results that have an address of the web. */
    List<Hit> read(JsonNode answer, int wanted) {
        Stream<JsonNode> found = StreamSupport.stream(answer.at(results).spliterator(), false);
        return found.filter(result -> {
                    String url = result.path("url").asText();
                    return url.matches("https?://\\S+") && url.length() <= LONGEST_ADDRESS;
                })
                .limit(wanted)
                .map(result ->
                        new Hit(text(result.path("title")), result.path("url").asText(), text(result.path(extract))))
                .toList();
    }

    /** Without the marks of a page, which providers leave in. */
    private static String text(JsonNode marked) {
        String text = marked.asText();
        String plain = Jsoup.parseBodyFragment(text.substring(0, Math.min(text.length(), LONGEST_TEXT)))
                .text();
        return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "…";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
