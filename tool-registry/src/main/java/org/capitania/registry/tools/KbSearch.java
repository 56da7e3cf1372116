package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.capitania.contract.Json;
import org.capitania.contract.api.GraphSearch;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** Passages of the company's articles and documents that still stand, with the page each is from and its age. */
@ApplicationScoped
class KbSearch implements ToolHandler {
    private static final List<String> TYPES = List.of("kb_article", "document");
    private static final Set<String> OVER = Set.of("retired", "superseded");
    private static final int PASSAGE = 400;

    private final Graph graph;

    KbSearch(Graph graph) {
        this.graph = graph;
    }

    @Override
    public String tool() {
        return "kb_search";
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public Result call(Call call) {
        List<GraphSearch.Hit> hits =
                graph.search(call.scope(), call.text("query"), TYPES, call.number("limit", 10)).items().stream()
                        .filter(hit -> !OVER.contains(String.valueOf(hit.status())))
                        .toList();
        ArrayNode items = Lines.array();
        Stream.Builder<NodeView> shown = Stream.builder();
        for (GraphSearch.Hit hit : hits) {
            graph.detail(call.scope(), hit.id()).ifPresent(detail -> {
                items.add(line(hit, detail.node()));
                shown.add(detail.node());
            });
        }
        return Result.of(Json.MAPPER.createObjectNode().set("items", items))
                .taintedBy(Taints.of(shown.build().toList()));
    }

    private static ObjectNode line(GraphSearch.Hit hit, NodeView page) {
        ObjectNode line = Lines.brief(page).put("type", page.type());
        Lines.put(line, "path", page.text("path"));
        String passage = hit.snippet() != null
                ? hit.snippet()
                : Stream.of("summary", "body_md", "text")
                        .map(page::text)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse("");
        line.put("passage", passage.length() <= PASSAGE ? passage : passage.substring(0, PASSAGE) + "…");
        line.put("updated_at", page.updatedAt().toString());
        if (page.tainted()) {
            line.put("tainted", true);
        }
        return line;
    }
}
