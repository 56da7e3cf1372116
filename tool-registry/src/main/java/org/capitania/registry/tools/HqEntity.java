package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.GraphSearch;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.Batch;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.registry.mail.Address;
import org.jspecify.annotations.Nullable;

/** Companies and organisations. */
@ApplicationScoped
class HqEntity implements ToolHandler {
    private final Graph graph;
    private final Writes writes;

    HqEntity(Graph graph, Writes writes) {
        this.graph = graph;
        this.writes = writes;
    }

    @Override
    public String tool() {
        return "hq_entity";
    }

    @Override
    public Result call(Call call) {
        return switch (call.verb().name()) {
            case "find" -> find(call);
            case "show" -> show(call);
            case "create" -> create(call);
            case "update" -> update(call);
            default ->
                throw new IllegalStateException("no action " + call.verb().name());
        };
    }

    private Result find(Call call) {
        Map<String, ObjectNode> found = new LinkedHashMap<>();
        List<String> outside = new ArrayList<>();
        String name = call.textOrNull("name");
        int limit = call.number("limit", 10);
        List<NodeView.Brief> people = people(call);
        String domain = domain(call, people.isEmpty());
        if (domain == null && name == null && call.textOrNull("email") == null && call.textOrNull("phone") == null) {
            throw new CapitaniaException(
                            ErrorCode.SCHEMA_VIOLATION, "find needs a name, a domain, a mail address or a phone number")
                    .withHint("give the mail domain if you know it: it finds exactly");
        }
        for (NodeView.Brief person : people) {
            for (NodeView.Brief entity : graph.linked(call.scope(), person.id(), "works_for", EdgeView.Direction.OUT)) {
                found.put(entity.id(), Lines.brief(entity));
                note(outside, entity.tainted(), entity.id());
            }
        }
        if (domain != null) {
            NodeQuery query = NodeQuery.ofType("entity").prop("domains", domain).limit(limit);
            for (NodeView node : graph.find(call.scope(), query)) {
                found.putIfAbsent(node.id(), Lines.brief(node));
                note(outside, node.tainted(), node.id());
            }
        }
        if (name != null) {
            for (GraphSearch.Hit hit :
                    graph.search(call.scope(), name, List.of("entity"), limit).items()) {
                found.putIfAbsent(hit.id(), line(hit));
                note(outside, hit.tainted(), hit.id());
            }
        }
        ArrayNode items = Lines.array();
        found.values().stream().limit(limit).forEach(items::add);
        return Result.of(Json.MAPPER.createObjectNode().set("items", items)).taintedBy(outside);
    }

    private static void note(List<String> outside, boolean tainted, String id) {
        if (tainted) {
            outside.add("node:" + id);
        }
    }

    /** The contacts with the mail address or the phone number that was given. */
    private List<NodeView.Brief> people(Call call) {
        List<NodeView> people = new ArrayList<>();
        String email = call.textOrNull("email");
        if (email != null) {
            graph.contact(call.scope(), Address.key(email)).ifPresent(people::add);
        }
        String phone = call.textOrNull("phone");
        if (phone != null) {
            for (String prop : List.of("phone", "phones")) {
                people.addAll(
                        graph.find(call.scope(), NodeQuery.ofType("contact").prop(prop, phone)));
            }
        }
        return people.stream()
                .map(person -> new NodeView.Brief(person.id(), person.slug(), person.type(), person.title()))
                .toList();
    }

    /** The domain that was given, or that of a mail address nobody has yet. */
    private static @Nullable String domain(Call call, boolean strangers) {
        String domain = call.textOrNull("domain");
        String email = call.textOrNull("email");
        if (domain == null && email != null && strangers) {
            domain = email.substring(email.indexOf('@') + 1);
        }
        return domain == null ? null : domain.toLowerCase(Locale.ROOT);
    }

    private static ObjectNode line(GraphSearch.Hit hit) {
        ObjectNode line = Json.MAPPER.createObjectNode().put("id", hit.id());
        Lines.put(line, "slug", hit.slug());
        Lines.put(line, "title", hit.title());
        Lines.put(line, "status", hit.status());
        return line;
    }

    private Result show(Call call) {
        NodeView node = graph.node(call.scope(), call.text("ref"), "entity");
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.set("node", Lines.full(node));
        ArrayNode people = data.putArray("people");
        List<NodeView.Brief> all = graph.linked(call.scope(), node.id(), "works_for", EdgeView.Direction.IN);
        all.forEach(person -> people.add(Lines.brief(person)));
        List<String> outside = new ArrayList<>(Taints.of(List.of(node)));
        outside.addAll(Taints.around(node, all));
        return Result.of(data).taintedBy(outside);
    }

    private Result create(Call call) {
        ObjectNode props = props(call).put("name", call.text("name"));
        String domain = call.textOrNull("domain");
        if (domain != null) {
            props.putArray("domains").add(domain.toLowerCase(Locale.ROOT));
        }
        boolean tainted = writes.tainted(call);
        Batch batch = new Batch()
                .create("entity", "entity", entity -> entity.props(props).tainted(tainted));
        String email = call.textOrNull("email");
        String phone = call.textOrNull("phone");
        if (email != null || phone != null) {
            batch.create("contact", "contact", contact -> {
                contact.prop("name", call.text("name")).prop("phone", phone).tainted(tainted);
                if (email != null) {
                    contact.prop("email", Address.key(email)).externalIfAbsent("email", Address.key(email));
                }
            });
            batch.link("@contact", "works_for", "@entity");
        }
        return writes.apply(call, batch);
    }

    private Result update(Call call) {
        NodeView node = graph.node(call.scope(), call.text("ref"), "entity");
        return writes.apply(call, new Batch().patch(node.id(), patch -> {
                    props(call).properties().forEach(p -> patch.prop(p.getKey(), p.getValue()));
                    if (call.arguments().hasNonNull("version")) {
                        patch.version(call.number("version", 0));
                    }
                    if (writes.tainted(call)) {
                        patch.tainted(true);
                    }
                }));
    }

    private static ObjectNode props(Call call) {
        return call.arguments().path("props") instanceof ObjectNode props
                ? props.deepCopy()
                : Json.MAPPER.createObjectNode();
    }
}
