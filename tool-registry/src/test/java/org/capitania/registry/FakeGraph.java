package org.capitania.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.GraphSearch;
import org.capitania.contract.api.GraphTypes;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationOp;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.MutationResult.OpResult;
import org.capitania.contract.api.NodeView;
import org.capitania.testkit.FakePeers;

/** graph-service in memory: nodes, edges, batches under an idempotency key. */
public final class FakeGraph {
    public record Edge(String type, String from, String to) {}

    private final Map<String, NodeView> nodes = new LinkedHashMap<>();
    private final List<Edge> edges = new ArrayList<>();
    private final Map<String, List<String>> tags = new LinkedHashMap<>();
    public final FakeKeys keys = new FakeKeys();
    private final Instant start = Instant.parse("2026-11-20T09:00:00Z");
    private volatile boolean down;

    public FakeGraph(FakePeers peers) {
        peers.on("GET", "/v1/types", r -> up(FakeGraph::types));
        peers.on("GET", "/v1/nodes", r -> up(() -> new NodeView.Page(find(r.query()), null)));
        peers.on("GET", "/v1/node-pages", r -> up(() -> pages(r.query())));
        peers.on("GET", "/v1/nodes/([^/]+)", r -> up(() -> detail(r.groups().getFirst())));
        peers.on(
                "GET",
                "/v1/nodes/([^/]+)/edges",
                r -> up(() -> edgesOf(r.groups().getFirst(), FakeFilter.query(r.query()))));
        peers.on("POST", "/v1/search", r -> up(() -> search(Json.convert(r.body(), GraphSearch.class))));
        peers.on(
                "POST",
                "/v1/mutations",
                r -> up(() ->
                        keys.once(r.idempotencyKey(), Json.convert(r.body(), MutationBatch.class), this::mutate)));
        peers.on(
                "GET",
                "/v1/mutations/(.+)",
                r -> up(() -> keys.answered(r.groups().getFirst())));
    }

    private synchronized <T> T up(java.util.function.Supplier<T> answer) {
        if (down) {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "the graph is away");
        }
        return answer.get();
    }

    /** Of the types only what is tagged. */
    public static GraphTypes types() {
        return new GraphTypes(
                List.of(new GraphTypes.Type("entity", "Entity", "A company", Json.read("""
                        {"properties":{"name":{},"city":{},"tax_id":{"x-sensitivity":"legal"},"address":{"x-sensitivity":"personal"}}}
                        """, JsonNode.class))),
                List.of());
    }

    /** Plays an outage. */
    public void down(boolean away) {
        down = away;
    }

    public synchronized NodeView add(String type, String slug, Map<String, Object> props) {
        return add(type, slug, null, props, false);
    }

    public NodeView add(String type, String slug, String externalId, Map<String, Object> props, boolean tainted) {
        return add(type, slug, externalId, "new", props, tainted);
    }

    public synchronized NodeView add(
            String type, String slug, String externalId, String status, Map<String, Object> props, boolean tainted) {
        ObjectNode all = (ObjectNode) Json.tree(props);
        NodeView node = node(UUID.randomUUID().toString(), type, slug, externalId, all, status, 1, tainted);
        nodes.put(node.id(), node);
        return node;
    }

    public synchronized void link(String type, String from, String to) {
        edges.add(new Edge(type, from, to));
    }

    /** Changes a node as somebody else would. */
    public synchronized NodeView touch(String id, Map<String, Object> props) {
        NodeView old = nodes.get(id);
        ObjectNode merged = ((ObjectNode) old.props()).deepCopy();
        merged.setAll((ObjectNode) Json.tree(props));
        NodeView changed = node(
                id, old.type(), old.slug(), old.externalId(), merged, old.status(), old.version() + 1, old.tainted());
        nodes.put(id, changed);
        return changed;
    }

    public synchronized List<NodeView> ofType(String type) {
        return nodes.values().stream().filter(n -> n.type().equals(type)).toList();
    }

    public synchronized List<Edge> edges() {
        return List.copyOf(edges);
    }

    public synchronized NodeView get(String id) {
        return nodes.get(id);
    }

    private NodeView node(
            String id,
            String type,
            String slug,
            String externalId,
            ObjectNode props,
            String status,
            int version,
            boolean tainted) {
        String title = props.path("title")
                .asText(props.path("name").asText(props.path("subject").asText(slug)));
        String sent = props.path("sent_at").asText("");
        Instant at = sent.isEmpty() ? start : Instant.parse(sent);
        return new NodeView(
                id,
                type,
                slug,
                title,
                status,
                null,
                at,
                null,
                props,
                tags.getOrDefault(id, List.of()),
                "root",
                null,
                externalId == null ? null : "email",
                externalId,
                start,
                null,
                version,
                tainted,
                null,
                start,
                start,
                start);
    }

    private NodeView.Detail detail(String ref) {
        NodeView node = byRef(ref);
        return new NodeView.Detail(
                node, new NodeView.Brief("root", "hq:root", "producer", "root"), edges(node.id(), null, null), false);
    }

    private NodeView byRef(String ref) {
        return Optional.ofNullable(nodes.get(ref))
                .or(() -> nodes.values().stream()
                        .filter(n -> n.slug().equals(ref))
                        .findFirst())
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "no node " + ref));
    }

    private EdgeView.Page edgesOf(String ref, Map<String, String> query) {
        return new EdgeView.Page(edges(byRef(ref).id(), query.get("type"), query.get("direction")), null);
    }

    private List<EdgeView> edges(String id, String type, String direction) {
        List<EdgeView> found = new ArrayList<>();
        for (Edge e : edges) {
            boolean out = e.from().equals(id);
            if ((out || e.to().equals(id))
                    && (type == null || type.equals(e.type()))
                    && (direction == null || direction.equals(out ? "out" : "in"))) {
                NodeView other = nodes.get(out ? e.to() : e.from());
                found.add(new EdgeView(
                        UUID.randomUUID().toString(),
                        e.type(),
                        out ? EdgeView.Direction.OUT : EdgeView.Direction.IN,
                        new NodeView.Brief(other.id(), other.slug(), other.type(), other.title(), other.tainted()),
                        Json.MAPPER.createObjectNode(),
                        start,
                        null,
                        1,
                        false));
            }
        }
        return found;
    }

    private NodeView.Pages pages(String text) {
        // Decoded once: what is in each query still is as it was written.
        return new NodeView.Pages(Arrays.stream(text.split("(?:^|&)query="))
                .skip(1)
                .map(query -> new NodeView.Page(find(query), null))
                .toList());
    }

    /** Newest first, as the store answers. */
    private List<NodeView> find(String text) {
        Map<String, String> q = FakeFilter.query(text);
        String after = q.get("after");
        List<NodeView> all = new ArrayList<>(nodes.values()).reversed();
        return all.stream()
                .dropWhile(n -> after != null && !n.id().equals(after))
                .skip(after == null ? 0 : 1)
                .filter(n -> FakeFilter.matches(n, q, type -> linked(n, type)))
                .limit(Integer.parseInt(q.getOrDefault("limit", "50")))
                .toList();
    }

    /** The slugs that edges of a type lead to from a node. */
    private List<String> linked(NodeView node, String type) {
        return edges.stream()
                .filter(e -> e.type().equals(type) && e.from().equals(node.id()))
                .map(e -> nodes.get(e.to()).slug())
                .toList();
    }

    private GraphSearch.Results search(GraphSearch search) {
        List<GraphSearch.Hit> hits = nodes.values().stream()
                .filter(n -> search.types() == null || search.types().contains(n.type()))
                .filter(n -> n.props()
                        .toString()
                        .toLowerCase()
                        .contains(search.query().toLowerCase()))
                .map(n -> new GraphSearch.Hit(
                        n.id(),
                        n.slug(),
                        n.type(),
                        n.title(),
                        n.status(),
                        null,
                        1,
                        n.tainted(),
                        n.occurredAt(),
                        n.version()))
                .limit(search.limit())
                .toList();
        return new GraphSearch.Results(search.query(), List.of("text"), hits);
    }

    private MutationResult mutate(MutationBatch batch) {
        Map<String, String> refs = new LinkedHashMap<>();
        List<OpResult> results = new ArrayList<>();
        for (MutationOp op : batch.ops()) {
            results.add(
                    switch (op) {
                        case MutationOp.Create c -> create(c, refs);
                        case MutationOp.Link l -> {
                            edges.add(new Edge(l.type(), resolve(l.from(), refs), resolve(l.to(), refs)));
                            yield new OpResult("link", null, UUID.randomUUID().toString(), null, 1, true, true);
                        }
                        case MutationOp.Unlink u -> {
                            edges.remove(new Edge(u.type(), resolve(u.from(), refs), resolve(u.to(), refs)));
                            yield new OpResult("unlink", null, UUID.randomUUID().toString(), null, 1, false, true);
                        }
                        case MutationOp.Patch p -> patch(p, refs);
                        case MutationOp.Merge m -> merge(m);
                        case MutationOp.Archive a ->
                            new OpResult("archive", null, byRef(a.id()).id(), null, 1, false, true);
                        default -> throw new CapitaniaException(ErrorCode.BAD_REQUEST, "not in this fake: " + op);
                    });
        }
        return new MutationResult(results, UUID.randomUUID().toString());
    }

    private OpResult create(MutationOp.Create c, Map<String, String> refs) {
        Optional<NodeView> there = c.externalId() == null
                ? Optional.empty()
                : nodes.values().stream()
                        .filter(n -> n.type().equals(c.type()) && c.externalId().equals(n.externalId()))
                        .findFirst();
        GraphTypeFiles.check(c.type(), c.props(), c.status(), null);
        String id = UUID.randomUUID().toString();
        tags.put(id, c.tags() == null ? List.of() : c.tags());
        NodeView node = there.orElseGet(() -> node(
                id,
                c.type(),
                c.type() + "-" + (nodes.size() + 1),
                c.externalId(),
                c.props(),
                GraphTypeFiles.status(c),
                1,
                Boolean.TRUE.equals(c.tainted())));
        nodes.put(node.id(), node);
        if (c.ref() != null) {
            refs.put("@" + c.ref(), node.id());
        }
        return new OpResult(
                "create", c.ref(), node.id(), node.slug(), node.version(), there.isEmpty(), there.isEmpty());
    }

    private OpResult patch(MutationOp.Patch p, Map<String, String> refs) {
        NodeView old = byRef(resolve(p.id(), refs));
        if (p.version() != null && p.version() != old.version()) {
            throw new CapitaniaException(ErrorCode.VERSION_CONFLICT, "it is at version " + old.version());
        }
        GraphTypeFiles.check(old.type(), p.props(), p.status(), old.status());
        ObjectNode merged = ((ObjectNode) old.props()).deepCopy();
        if (p.props() != null) {
            merged.setAll(p.props());
        }
        NodeView changed = node(
                old.id(),
                old.type(),
                old.slug(),
                old.externalId(),
                merged,
                p.status() == null ? old.status() : p.status(),
                old.version() + 1,
                old.tainted() || Boolean.TRUE.equals(p.tainted()));
        nodes.put(old.id(), changed);
        return new OpResult("patch", null, changed.id(), changed.slug(), changed.version(), false, true);
    }

    private OpResult merge(MutationOp.Merge m) {
        if (m.proposal() == null) {
            throw new CapitaniaException(ErrorCode.PROPOSAL_REQUIRED, "a merge takes a proposal");
        }
        touch(m.id(), Map.of());
        edges.add(new Edge("duplicate_of", m.id(), m.into()));
        NodeView into = touch(m.into(), Map.of());
        return new OpResult("merge", null, into.id(), into.slug(), into.version(), false, true);
    }

    private String resolve(String ref, Map<String, String> refs) {
        return refs.containsKey(ref) ? refs.get(ref) : byRef(ref).id();
    }

    /** A thread with one mail from Rita, who is a contact. */
    public Thread thread(String subject) {
        String tag = UUID.randomUUID().toString().substring(0, 8);
        String address = "rita." + tag + "@padaria.example";
        NodeView contact =
                add("contact", "contact-" + tag, address, Map.of("name", "Rita Sousa", "email", address), false);
        NodeView conversation = add(
                "conversation",
                "conversation-" + tag,
                "<root-" + tag + "@padaria.example>",
                Map.of("subject", subject),
                true);
        NodeView mail = mail(conversation, address, subject, "person", "2026-11-20T09:10:00Z", tag);
        link("from", mail.id(), contact.id());
        return new Thread(conversation, mail, contact, address);
    }

    public NodeView mail(
            NodeView conversation, String from, String subject, String classification, String at, String tag) {
        NodeView mail = add(
                "interaction",
                "interaction-" + tag,
                "<mail-" + tag + "@padaria.example>",
                new LinkedHashMap<>(Map.of(
                        "channel",
                        "email",
                        "direction",
                        "in",
                        "subject",
                        subject,
                        "from",
                        from,
                        "to",
                        List.of("office@capitania.example"),
                        "body_text",
                        "Can you deliver on Monday? Bom dia.",
                        "message_id",
                        "<mail-" + tag + "@padaria.example>",
                        "references",
                        List.of("<root-" + tag + "@padaria.example>"),
                        "sent_at",
                        at,
                        "classification",
                        classification)),
                true);
        link("part_of", mail.id(), conversation.id());
        return mail;
    }

    /** One conversation and who is in it. */
    public record Thread(NodeView conversation, NodeView mail, NodeView contact, String address) {
        public ObjectNode answer(String body) {
            ObjectNode arguments = Json.MAPPER.createObjectNode();
            arguments.put("conversation_id", conversation.id()).put("in_reply_to_interaction", mail.id());
            arguments.putArray("to").add(address);
            arguments.put("subject", "Re: " + conversation.title()).put("body_text", body);
            return arguments;
        }
    }
}
