package org.capitania.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.capitania.contract.Json;

/**
 * A provider that speaks Anthropic's Messages API, played by the test. It refuses what the real one refuses: a wrong key, no version, a use
 * of a tool without its result. What it answers follows from the conversation alone.
 */
final class AnthropicStub implements AutoCloseable {
    static final String KEY = "sk-ant-of-the-test";
    private static final Pattern CONVERSATION = Pattern.compile("\"conversation_id\":\"([^\"]+)\"");

    /** One request, as it came. */
    record Asked(JsonNode body) {
        /** How often it has been answered in this conversation. */
        int turn() {
            return (int) messages().stream()
                    .filter(m -> m.path("role").asText().equals("assistant"))
                    .count();
        }

        /** Whether it is asked what the session leaves behind. */
        boolean isSnapshot() {
            return said(messages().getLast()).contains("This session is over.");
        }

        /** Header and events. */
        String first() {
            return said(messages().getFirst());
        }

        String text() {
            return String.join("\n", messages().stream().map(Asked::said).toList());
        }

        String conversation() {
            return CONVERSATION
                    .matcher(first())
                    .results()
                    .map(found -> found.group(1))
                    .reduce("", (first, last) -> last);
        }

        /** What a tool has brought, the last time it was used. */
        JsonNode result(String tool) {
            String id = "";
            String found = "{}";
            for (JsonNode message : messages()) {
                for (JsonNode block : message.path("content")) {
                    String type = block.path("type").asText();
                    if (type.equals("tool_use") && block.path("name").asText().equals(tool)) {
                        id = block.path("id").asText();
                    } else if (type.equals("tool_result")
                            && block.path("tool_use_id").asText().equals(id)) {
                        found = said(block);
                    }
                }
            }
            return Json.read(found, JsonNode.class).path("data");
        }

        private List<JsonNode> messages() {
            return Company.list(body.path("messages"));
        }

        private static String said(JsonNode holder) {
            JsonNode content = holder.path("content");
            if (content.isTextual()) {
                return content.asText();
            }
            StringBuilder text = new StringBuilder();
            for (JsonNode block : content) {
                text.append(
                                block.path("type").asText().equals("tool_result")
                                        ? said(block)
                                        : block.path("text").asText())
                        .append('\n');
            }
            return text.toString();
        }
    }

    /** What it says to one request; {@code tokens} is how long it counts the prompt to be. */
    record Answer(List<Map<String, Object>> blocks, String stop, int tokens) {
        static Answer say(String text) {
            return new Answer(List.of(Map.of("type", "text", "text", text)), "end_turn", 400);
        }

        static Answer done(String reason) {
            return say("Done.\n<task-complete reason=\"" + reason + "\"/>");
        }

        static Answer use(String tool, Map<String, ?> input) {
            return new Answer(
                    List.of(
                            Map.of("type", "text", "text", "I use " + tool.replace('_', ' ') + "."),
                            Map.of(
                                    "type",
                                    "tool_use",
                                    "id",
                                    "toolu_" + IDS.incrementAndGet(),
                                    "name",
                                    tool,
                                    "input",
                                    input)),
                    "tool_use",
                    400);
        }

        /** With the provider's own search for the tool before it, as it is when tools are deferred. */
        Answer searched(String tool) {
            String id = "srvtoolu_" + IDS.incrementAndGet();
            List<Map<String, Object>> all = new ArrayList<>(List.of(
                    Map.of(
                            "type",
                            "server_tool_use",
                            "id",
                            id,
                            "name",
                            "tool_search_tool_bm25",
                            "input",
                            Map.of("query", tool)),
                    Map.of(
                            "type",
                            "tool_search_tool_result",
                            "tool_use_id",
                            id,
                            "content",
                            Map.of(
                                    "type",
                                    "tool_search_tool_search_result",
                                    "tool_references",
                                    List.of(Map.of("type", "tool_reference", "tool_name", tool))))));
            all.addAll(blocks);
            return new Answer(all, stop, tokens);
        }

        Answer weighing(int prompt) {
            return new Answer(blocks, stop, prompt);
        }
    }

    private static final AtomicInteger IDS = new AtomicInteger();
    private final HttpServer server;
    private final Map<String, Function<Asked, Answer>> scripts = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<String> refusals = new CopyOnWriteArrayList<>();

    AnthropicStub() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/models", exchange -> send(exchange, 200, Map.of("data", List.of())));
        server.createContext("/v1/messages", this::messages);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Conversations about a mail with this word are answered so, but for what they leave behind. */
    void on(String word, Function<Asked, Answer> script) {
        scripts.put(word, script);
    }

    /** What was asked about a mail with this word. */
    List<Asked> asked(String word) {
        return asked.stream().filter(a -> word.equals(word(a))).toList();
    }

    /** What was not as the provider wants it. */
    List<String> refusals() {
        return refusals;
    }

    /** A whole mail: reads the thread, asks operator for the fact, drafts the answer, ends. */
    static Answer mail(Asked asked) {
        return switch (asked.turn()) {
            case 0 ->
                Answer.use("email_thread_read", Map.of("conversation_id", asked.conversation()))
                        .searched("email_thread_read");
            case 1 ->
                Answer.use(
                        "hq_agent",
                        Map.of("action", "ask", "to", "operator", "text", "What do our records say about Moinho?"));
            case 2 -> draft(asked);
            default -> Answer.done("reply drafted, waits for the owner");
        };
    }

    static Answer draft(Asked asked) {
        JsonNode answer = asked.result("email_thread_read").path("answer");
        return Answer.use(
                "email_send",
                Map.of(
                        "conversation_id", asked.conversation(),
                        "in_reply_to_interaction",
                                answer.path("in_reply_to_interaction").asText(),
                        "to", answer.path("to"),
                        "subject", answer.path("subject").asText(),
                        "body_text",
                                "Hello Ana,\n\nthank you for your message. We are open on Saturdays from ten to six.\n\nMaré Alta Books"));
    }

    private void messages(HttpExchange exchange) throws IOException {
        JsonNode body = Json.read(exchange.getRequestBody().readAllBytes(), JsonNode.class);
        String wrong = wrong(exchange, body);
        if (!wrong.isEmpty()) {
            refusals.add(wrong);
            send(
                    exchange,
                    400,
                    Map.of("type", "error", "error", Map.of("type", "invalid_request_error", "message", wrong)));
            return;
        }
        Asked request = new Asked(body);
        asked.add(request);
        send(exchange, 200, message(body, answer(request)));
    }

    private Answer answer(Asked request) {
        if (request.isSnapshot()) {
            return Answer.say("{\"summary\":\"A mail was looked at.\",\"memo\":\"Nothing is open.\",\"memories\":[],"
                    + "\"none\":\"the graph says it all\"}");
        }
        return scripts.getOrDefault(word(request), a -> Answer.done("nothing to do"))
                .apply(request);
    }

    /** The word that stands last in what came in: the header before it, and what tools find, may speak of other mails. */
    private String word(Asked request) {
        String text = request.first();
        return scripts.keySet().stream()
                .filter(text::contains)
                .reduce("", (a, b) -> text.lastIndexOf(b) > (a.isEmpty() ? -1 : text.lastIndexOf(a)) ? b : a);
    }

    private static String wrong(HttpExchange exchange, JsonNode body) {
        var headers = exchange.getRequestHeaders();
        if (!KEY.equals(headers.getFirst("x-api-key")) || headers.containsKey("Authorization")) {
            return "invalid x-api-key";
        }
        if (headers.getFirst("anthropic-version") == null
                || body.path("max_tokens").asInt() < 1) {
            return "anthropic-version and max_tokens are required";
        }
        Set<String> open = new HashSet<>();
        for (JsonNode message : body.path("messages")) {
            Set<String> results = ids(message, "tool_result", "tool_use_id");
            if (!results.equals(open)) {
                return "tool_use ids " + open + " were answered by tool_result blocks for " + results;
            }
            open = ids(message, "tool_use", "id");
        }
        return open.isEmpty() ? "" : "tool_use ids " + open + " were not answered";
    }

    private static Set<String> ids(JsonNode message, String type, String field) {
        Set<String> ids = new HashSet<>();
        for (JsonNode block : message.path("content")) {
            if (block.path("type").asText().equals(type)) {
                ids.add(block.path(field).asText());
            }
        }
        return ids;
    }

    private static ObjectNode message(JsonNode body, Answer answer) {
        ObjectNode message = Json.MAPPER.createObjectNode();
        message.put("id", "msg_" + IDS.incrementAndGet())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", body.path("model").asText())
                .put("stop_reason", answer.stop())
                .putNull("stop_sequence");
        message.set("content", Json.tree(answer.blocks()));
        message.putObject("usage")
                .put("input_tokens", answer.tokens())
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", 0)
                .put("output_tokens", 40);
        return message;
    }

    private static void send(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = Json.bytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
