package org.capitania.registry.mail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.GraphSearch;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.jspecify.annotations.Nullable;

/** The archive of mail, by words and by who wrote or got it. */
@ApplicationScoped
class EmailSearch implements ToolHandler {
    private static final int MOST = 50;

    private final Graph graph;

    EmailSearch(Graph graph) {
        this.graph = graph;
    }

    @Override
    public String tool() {
        return "email_search";
    }

    @Override
    public Result call(Call call) {
        String wanted = call.textOrNull("address");
        int limit = call.number("limit", 10);
        ArrayNode hits = Json.MAPPER.createArrayNode();
        List<String> taints = new ArrayList<>();
        // Filtered by address the best hits may be further down: look at all that one search gives.
        for (GraphSearch.Hit hit : graph.search(
                        call.scope(), call.text("query"), List.of("interaction"), wanted == null ? limit : MOST)
                .items()) {
            Optional<NodeView.Detail> detail = graph.detail(call.scope(), hit.id());
            if (hits.size() < limit && detail.isPresent() && mail(detail.get().node(), wanted)) {
                hits.add(line(detail.get(), hit));
                taints.add("interaction:" + hit.id());
            }
        }
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.put("count", hits.size()).set("hits", hits);
        return Result.of(data).taintedBy(taints);
    }

    private static boolean mail(NodeView node, @Nullable String wanted) {
        if (!"email".equals(node.text("channel"))) {
            return false;
        }
        if (wanted == null) {
            return true;
        }
        String key = Address.key(wanted);
        String from = node.text("from");
        return (from != null && Address.key(from).equals(key))
                || List.of("to", "cc").stream()
                        .flatMap(f -> StreamSupport.stream(node.props().path(f).spliterator(), false))
                        .anyMatch(a -> Address.key(a.asText()).equals(key));
    }

    private static ObjectNode line(NodeView.Detail detail, GraphSearch.Hit hit) {
        NodeView node = detail.node();
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("id", node.id()).put("slug", node.slug());
        for (String name : List.of("subject", "from", "direction")) {
            if (node.text(name) != null) {
                line.put(name, node.text(name));
            }
        }
        line.put("sent_at", Conversation.at(node).toString());
        detail.edges().stream()
                .filter(e -> e.type().equals("part_of") && e.direction() == EdgeView.Direction.OUT)
                .findFirst()
                .ifPresent(e -> line.put("conversation_id", e.other().id()));
        if (hit.snippet() != null) {
            line.put("snippet", hit.snippet());
        }
        return line;
    }
}
