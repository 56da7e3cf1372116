package org.capitania.registry.calendar;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Result;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** What stands in the calendar: events of kind calendar that were not called off, and meetings that were logged. */
@ApplicationScoped
class Calendar {
    /** The newest so many of each are looked through. */
    static final int MOST = 2000;

    private final Graph graph;

    Calendar(Graph graph) {
        this.graph = graph;
    }

    /**
     * The nodes.
     *
     * @param words only those that hold all of them; null for all
     */
    List<NodeView> nodes(Scope scope, @Nullable String words) {
        List<NodeView> nodes = new ArrayList<>(graph.all(
                scope,
                with(NodeQuery.ofType("event").prop("kind", "calendar").status("planned", "happened"), words),
                MOST));
        nodes.addAll(graph.all(scope, with(NodeQuery.ofType("interaction").prop("channel", "meeting"), words), MOST));
        return nodes;
    }

    private static NodeQuery with(NodeQuery query, @Nullable String words) {
        return words == null || words.isBlank() ? query : query.words(words);
    }

    /** The answer of a tool that looked: the entries, and that there are more. What came from outside taints whoever is shown it. */
    static Result answer(Collection<Entry> found, int limit, ZoneId zone) {
        ObjectNode data = Json.MAPPER.createObjectNode().put("timezone", zone.getId());
        ArrayNode items = data.putArray("items");
        List<Entry> shown = found.stream().limit(limit).toList();
        shown.forEach(entry -> items.add(entry.line(zone)));
        data.put("more", found.size() > shown.size());
        Stream<NodeView> outside = shown.stream().map(Entry::node).filter(NodeView::tainted);
        return Result.of(data)
                .taintedBy(outside.map(node -> "node:" + node.id()).distinct().toList());
    }
}
