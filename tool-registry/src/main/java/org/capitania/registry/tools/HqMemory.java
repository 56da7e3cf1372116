package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.registry.memory.ForgetMemory;
import org.capitania.registry.memory.TendMemories;

/** What the agents remember, the most salient first; the owner may have it tended, and archive what is wrong. */
@ApplicationScoped
class HqMemory implements ToolHandler {
    private static final int LOOKED_AT = 500;

    private final Graph graph;
    private final TendMemories tender;
    private final ForgetMemory forgetting;

    HqMemory(Graph graph, TendMemories tender, ForgetMemory forgetting) {
        this.graph = graph;
        this.forgetting = forgetting;
        this.tender = tender;
    }

    @Override
    public String tool() {
        return "hq_memory";
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public Result call(Call call) {
        return switch (call.text("action")) {
            case "tend" -> tend(call);
            case "forget" -> forget(call);
            default -> search(call);
        };
    }

    private Result search(Call call) {
        String status = call.textOrNull("status");
        NodeQuery query = NodeQuery.ofType("memory_entry")
                .status(status == null ? "active" : status)
                .limit(LOOKED_AT);
        if (call.textOrNull("role") != null) {
            query = query.prop("agent_id", "agent:" + call.text("role"));
        }
        if (call.textOrNull("kind") != null) {
            query = query.prop("kind", call.text("kind"));
        }
        if (call.textOrNull("query") != null) {
            query = query.words(call.text("query"));
        }
        double least = call.arguments().path("salience").asDouble(0);
        String since = call.textOrNull("since");
        Instant from = since == null ? Instant.MIN : OffsetDateTime.parse(since).toInstant();
        List<NodeView> found = graph.find(call.scope(), query).stream()
                .filter(memory ->
                        salience(memory) >= least && !memory.updatedAt().isBefore(from))
                .sorted(Comparator.comparingDouble(HqMemory::salience).reversed())
                .limit(call.number("limit", 20))
                .toList();
        ArrayNode items = Lines.array();
        found.forEach(memory -> {
            var line = items.addObject().put("id", memory.id()).put("salience", salience(memory));
            Lines.put(line, "role", role(memory));
            Lines.put(line, "kind", memory.text("kind"));
            Lines.put(line, "body", memory.text("body_md"));
            line.put("updated_at", memory.updatedAt().toString());
        });
        return Result.of(Json.MAPPER.createObjectNode().set("items", items)).taintedBy(Taints.of(found));
    }

    private Result forget(Call call) {
        ForgetMemory.Forgotten forgotten = forgetting.forget(call.scope(), call.callId(), call.text("ref"));
        return Result.of(Json.MAPPER.createObjectNode().put("id", forgotten.id()))
                .audited(forgotten.auditEventId());
    }

    private Result tend(Call call) {
        TendMemories.Tended tended = tender.tend(call.scope(), call.text("role"));
        ObjectNode data = Json.MAPPER
                .createObjectNode()
                .put("active", tended.active())
                .put("promoted", tended.promoted())
                .put("decayed", tended.decayed())
                .put("merged", tended.merged())
                .put("dropped", tended.dropped())
                .put("by_meaning", tended.byMeaning())
                .put("mirrored", tended.mirrored());
        data.set("conflicts", Json.tree(tended.conflicts()));
        return Result.of(data).audited(tended.auditEventId());
    }

    private static double salience(NodeView memory) {
        return memory.props().path("salience").asDouble(0);
    }

    private static String role(NodeView memory) {
        String agent = memory.text("agent_id");
        return agent == null ? "" : agent.replaceFirst("^agent:", "");
    }
}
