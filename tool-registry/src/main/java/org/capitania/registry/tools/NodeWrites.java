package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.Batch;
import org.capitania.registry.catalogue.NodeForm;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;

/** Makes and changes nodes of one type, with their edges, in one mutation: the graph checks props, statuses, transitions and versions. */
@ApplicationScoped
class NodeWrites {
    private final Graph graph;
    private final Writes writes;
    private final Persons persons;
    private final Clock clock;

    NodeWrites(Graph graph, Writes writes, Persons persons, Clock clock) {
        this.graph = graph;
        this.writes = writes;
        this.persons = persons;
        this.clock = clock;
    }

    Result create(Call call, NodeForm form, NodeForm.Op op) {
        boolean tainted = writes.tainted(call);
        Batch batch = new Batch().create("it", form.type(), node -> {
            props(call, form, op).forEach(node::prop);
            node.tainted(tainted);
            status(call, form, op).ifPresent(node::status);
            given(call, "priority").ifPresent(node::priority);
            given(call, "slug").ifPresent(node::slug);
        });
        return link(call, form, batch, "@it", true);
    }

    Result update(Call call, NodeForm form, NodeForm.Op op) {
        NodeView node = graph.node(call.scope(), call.text("ref"), form.type());
        boolean tainted = writes.tainted(call);
        Batch batch = new Batch().patch(node.id(), patch -> {
            props(call, form, op).forEach(patch::prop);
            status(call, form, op).ifPresent(patch::status);
            given(call, "priority").ifPresent(patch::priority);
            if (call.arguments().hasNonNull("version")) {
                patch.version(call.number("version", 0));
            }
            if (tainted) {
                patch.tainted(true);
            }
        });
        return link(call, form, batch, node.id(), false);
    }

    private Map<String, JsonNode> props(Call call, NodeForm form, NodeForm.Op op) {
        Map<String, JsonNode> props = new TreeMap<>();
        if (op.sets() != null) {
            props.putAll(op.sets());
        }
        form.props().forEach((argument, prop) -> {
            if (call.arguments().hasNonNull(argument)) {
                props.put(prop, call.arguments().get(argument));
            }
        });
        // What the company itself has added to the type.
        call.arguments().path("props").properties().forEach(own -> props.put(own.getKey(), own.getValue()));
        String stamp = op.stamp();
        if (stamp != null) {
            props.putIfAbsent(stamp, TextNode.valueOf(clock.instant().toString()));
        }
        return props;
    }

    private static Optional<String> status(Call call, NodeForm form, NodeForm.Op op) {
        return op.status() != null
                ? Optional.of(op.status())
                : form.status().stream()
                        .flatMap(argument -> given(call, argument).stream())
                        .findFirst();
    }

    private static Optional<String> given(Call call, String argument) {
        return Optional.ofNullable(call.textOrNull(argument));
    }

    /** Adds the edges and applies it; who was named as a person and has no node yet is said, not linked. */
    private Result link(Call call, NodeForm form, Batch batch, String node, boolean fresh) {
        List<String> unknown = new ArrayList<>();
        form.links().forEach((argument, link) -> {
            for (String named : named(call, argument)) {
                Optional<String> other = link.person() ? persons.id(call.scope(), named) : Optional.of(named);
                if (other.isEmpty()) {
                    unknown.add(argument);
                } else if (!stands(call, batch, node, fresh, link, other.get())) {
                    batch.link(link.incoming() ? other.get() : node, link.edge(), link.incoming() ? node : other.get());
                }
            }
        });
        Result result = writes.apply(call, batch);
        if (!unknown.isEmpty() && result.data() instanceof ObjectNode data) {
            ArrayNode names = data.putArray("not_linked");
            unknown.forEach(names::add);
        }
        return result;
    }

    /** Whether the edge is there; where only one may be, another one ends. */
    private boolean stands(Call call, Batch batch, String node, boolean fresh, NodeForm.Link link, String other) {
        if (!link.one() || fresh) {
            return false;
        }
        EdgeView.Direction direction = link.incoming() ? EdgeView.Direction.IN : EdgeView.Direction.OUT;
        boolean stands = false;
        for (NodeView.Brief there : graph.linked(call.scope(), node, link.edge(), direction)) {
            if (there.id().equals(other) || other.equals(there.slug())) {
                stands = true;
            } else {
                batch.unlink(link.incoming() ? there.id() : node, link.edge(), link.incoming() ? node : there.id());
            }
        }
        return stands;
    }

    private static List<String> named(Call call, String argument) {
        return call.arguments().path(argument).isArray()
                ? call.texts(argument)
                : given(call, argument).map(List::of).orElse(List.of());
    }
}
