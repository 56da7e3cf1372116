package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.Gap;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.Peers;

/** What is missing or late in the company's records, as the graph's views tell it, and what becomes of it on the list of tasks. */
@ApplicationScoped
class HqGap implements ToolHandler {
    private final Peers peers;
    private final TriageGaps triage;

    HqGap(Peers peers, TriageGaps triage) {
        this.peers = peers;
        this.triage = triage;
    }

    @Override
    public String tool() {
        return "hq_gap";
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public Result call(Call call) {
        return switch (call.verb().name()) {
            case "list" -> list(call);
            case "show" -> show(call);
            case "triage" -> triage.triage(call);
            default ->
                throw new IllegalStateException("no action " + call.verb().name());
        };
    }

    private Result list(Call call) {
        Gap.Summaries all = peers.get(Service.GRAPH_SERVICE, "/v1/gaps", call.scope(), Gap.Summaries.class);
        ArrayNode items = Lines.array();
        for (Gap.Summary gap : all.items()) {
            if (gap.count() > 0 || call.arguments().path("all").asBoolean()) {
                ObjectNode line = items.addObject()
                        .put("name", gap.name())
                        .put("description", gap.description())
                        .put("agent", gap.agent())
                        .put("count", gap.count());
                Lines.put(line, "worst_severity", gap.worstSeverity());
                Lines.put(
                        line,
                        "oldest",
                        gap.oldest() == null ? null : gap.oldest().toString());
            }
        }
        return Result.of(Json.MAPPER.createObjectNode().set("items", items));
    }

    private Result show(Call call) {
        String path = "/v1/gaps/" + call.text("name") + "?limit=" + call.number("limit", 20);
        Gap.Page page = peers.get(Service.GRAPH_SERVICE, path, call.scope(), Gap.Page.class);
        ObjectNode data =
                Json.MAPPER.createObjectNode().put("name", page.name()).put("description", page.description());
        ArrayNode items = data.putArray("items");
        for (Gap gap : page.items()) {
            ObjectNode line = items.addObject()
                    .put("severity", gap.severity())
                    .put("since", gap.since().toString())
                    .put("type", gap.type())
                    .put("slug", gap.slug())
                    .put("title", gap.sentence());
            gap.nodeIds().forEach(line.putArray("ids")::add);
        }
        data.put("more", page.next() != null);
        List<String> tainted = page.items().stream()
                .filter(Gap::tainted)
                .flatMap(gap -> gap.nodeIds().stream())
                .map(id -> "node:" + id)
                .distinct()
                .toList();
        return Result.of(data).taintedBy(tainted);
    }
}
