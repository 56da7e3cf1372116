package org.capitania.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.testkit.FakePeers;

/** graph-service as the ingest workers see it: external ids, if_absent, idempotency keys, edges; in memory, one lock. */
public final class FakeGraph {
    private record Answered(JsonNode batch, JsonNode answer) {}

    private final Map<String, ObjectNode> nodes = new LinkedHashMap<>();
    private final Map<String, ObjectNode> edges = new LinkedHashMap<>();
    private final Map<String, Answered> answered = new HashMap<>();
    private UnaryOperator<FakePeers.Request> before = r -> r;
    private Runnable after = () -> {};

    public FakeGraph(FakePeers peers) {
        peers.on("GET", "/v1/nodes", this::list);
        peers.on("GET", "/v1/nodes/([^/]+)", this::detail);
        peers.on("GET", "/v1/nodes/([^/]+)/edges", this::edges);
        peers.on("POST", "/v1/mutations", this::mutate);
    }

    /** Runs before a mutation is applied; throws to play a failure of which nothing remains. */
    public synchronized void beforeMutation(Runnable what) {
        before = r -> {
            what.run();
            return r;
        };
    }

    /** Runs after it is applied; throws to play an answer that is lost. */
    public synchronized void afterMutation(Runnable what) {
        after = what;
    }

    public synchronized String entity(String name, String domain) {
        ObjectNode node = node("entity", "seed", name);
        node.withObject("/props").put("name", name).putArray("domains").add(domain);
        return node.path("id").asText();
    }

    /** One of our own mails that never came in, in a conversation of its own; returns that conversation. */
    public synchronized String sentMail(String messageId) {
        ObjectNode conversation = node("conversation", "email", "our own thread of " + messageId);
        ObjectNode mail = node("interaction", "email", messageId);
        mail.putObject("props").put("direction", "out");
        edge("part_of", mail.path("id").asText(), conversation.path("id").asText());
        return conversation.path("id").asText();
    }

    /** Our answer in a conversation, as the gateway records it when it has left. */
    public synchronized String answer(String conversation, Instant at) {
        ObjectNode mail = node("interaction", "email", "<" + UUID.randomUUID() + "@us.example>");
        mail.put("occurred_at", at.toString()).putObject("props").put("direction", "out");
        edge("part_of", mail.path("id").asText(), conversation);
        return mail.path("id").asText();
    }

    public synchronized List<ObjectNode> nodes(String type) {
        return nodes.values().stream()
                .filter(n -> n.path("type").asText().equals(type))
                .toList();
    }

    public synchronized ObjectNode byExternalId(String type, String externalId) {
        return find(type, "email", externalId).orElseThrow();
    }

    public synchronized boolean linked(String type, String from, String to) {
        return edges.containsKey(type + from + to);
    }

    private synchronized JsonNode list(FakePeers.Request request) {
        Map<String, String> query = new HashMap<>();
        for (String pair : request.query().split("&")) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        ObjectNode page = Json.MAPPER.createObjectNode();
        ArrayNode items = page.putArray("items");
        nodes.values().stream()
                .filter(n -> n.path("type").asText().equals(query.get("type")))
                .filter(n -> !query.containsKey("external_id")
                        || n.path("external_id").asText().equals(query.get("external_id")))
                .filter(n -> !query.containsKey("prop.domains")
                        || n.path("props").path("domains").toString().contains('"' + query.get("prop.domains") + '"'))
                .forEach(items::add);
        return page;
    }

    private synchronized JsonNode detail(FakePeers.Request request) {
        ObjectNode node = nodes.get(request.groups().getFirst());
        if (node == null) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "there is no such node");
        }
        ObjectNode detail = Json.MAPPER.createObjectNode();
        detail.set("node", node);
        detail.set("edges", edges(node.path("id").asText(), ""));
        return detail;
    }

    private synchronized JsonNode edges(FakePeers.Request request) {
        String type = request.query().replaceAll(".*type=([a-z_]+).*", "$1");
        return Json.MAPPER
                .createObjectNode()
                .set("items", edges(request.groups().getFirst(), type));
    }

    private ArrayNode edges(String id, String type) {
        ArrayNode items = Json.MAPPER.createArrayNode();
        for (ObjectNode edge : edges.values()) {
            if (edge.path("from").asText().equals(id)
                    && (type.isEmpty() || edge.path("type").asText().equals(type))) {
                ObjectNode other = nodes.get(edge.path("to").asText());
                ObjectNode item = items.addObject();
                item.put("id", edge.path("id").asText())
                        .put("type", edge.path("type").asText())
                        .put("direction", "out")
                        .put("version", 1);
                item.putObject("other")
                        .put("id", other.path("id").asText())
                        .put("slug", other.path("slug").asText())
                        .put("type", other.path("type").asText())
                        .put("title", "x");
            }
        }
        return items;
    }

    private synchronized JsonNode mutate(FakePeers.Request request) {
        before.apply(request);
        JsonNode batch = request.body();
        String key = request.idempotencyKey();
        Answered first = key == null ? null : answered.get(key);
        if (first != null && !first.batch().equals(batch)) {
            throw new CapitaniaException(ErrorCode.IDEMPOTENCY_MISMATCH, "the key was used for another batch");
        }
        JsonNode answer = first == null ? apply(batch) : first.answer();
        answered.put(key, new Answered(batch, answer));
        after.run();
        return answer;
    }

    private JsonNode apply(JsonNode batch) {
        ObjectNode answer = Json.MAPPER
                .createObjectNode()
                .put("audit_event_id", UUID.randomUUID().toString());
        ArrayNode results = answer.putArray("results");
        Map<String, String> refs = new HashMap<>();
        for (JsonNode op : batch.path("ops")) {
            ObjectNode result =
                    results.addObject().put("op", op.path("op").asText()).put("version", 1);
            if (op.path("op").asText().equals("create")) {
                Optional<ObjectNode> there = find(
                        op.path("type").asText(),
                        op.path("external_source").asText(),
                        op.path("external_id").asText());
                ObjectNode node = there.orElseGet(() -> node(
                        op.path("type").asText(),
                        op.path("external_source").asText(),
                        op.path("external_id").asText()));
                if (there.isEmpty()) {
                    node.set("props", op.path("props"));
                    node.set("tainted", op.path("tainted"));
                    node.set("status", op.path("status"));
                    node.set("occurred_at", op.path("occurred_at"));
                }
                refs.put("@" + op.path("ref").asText(), node.path("id").asText());
                result.put("ref", op.path("ref").asText())
                        .put("id", node.path("id").asText())
                        .put("slug", node.path("slug").asText())
                        .put("created", there.isEmpty());
            } else if (op.path("op").asText().equals("patch")) {
                ObjectNode node = nodes.get(resolve(op, "id", refs));
                if (op.path("version").asInt() != node.path("version").asInt()) {
                    throw new CapitaniaException(ErrorCode.VERSION_CONFLICT, "another version");
                }
                node.put("version", node.path("version").asInt() + 1).set("status", op.path("status"));
                node.withObject("/props").setAll((ObjectNode) op.path("props"));
                result.set("id", node.path("id"));
            } else {
                String id = edge(op.path("type").asText(), resolve(op, "from", refs), resolve(op, "to", refs));
                result.put("id", id).put("created", true);
            }
        }
        return answer;
    }

    private String resolve(JsonNode op, String end, Map<String, String> refs) {
        String name = op.path(end).asText();
        String id = name.startsWith("@") ? refs.get(name) : name;
        if (id == null || !nodes.containsKey(id)) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "there is no node " + name);
        }
        return id;
    }

    private Optional<ObjectNode> find(String type, String source, String externalId) {
        return nodes.values().stream()
                .filter(n -> n.path("type").asText().equals(type)
                        && n.path("external_source").asText().equals(source)
                        && n.path("external_id").asText().equals(externalId))
                .findFirst();
    }

    private ObjectNode node(String type, String source, String externalId) {
        String id = UUID.randomUUID().toString();
        ObjectNode node = Json.MAPPER
                .createObjectNode()
                .put("id", id)
                .put("type", type)
                .put("slug", type + "-" + id.substring(0, 8))
                .put("title", type)
                .put("external_source", source)
                .put("external_id", externalId)
                .put("version", 1)
                .put("producer_id", "the producer")
                .put("created_at", Instant.EPOCH.toString())
                .put("tainted", false);
        node.putArray("tags");
        nodes.put(id, node);
        return node;
    }

    private String edge(String type, String from, String to) {
        return edges.computeIfAbsent(
                        type + from + to,
                        k -> Json.MAPPER
                                .createObjectNode()
                                .put("id", UUID.randomUUID().toString())
                                .put("type", type)
                                .put("from", from)
                                .put("to", to))
                .path("id")
                .asText();
    }
}
