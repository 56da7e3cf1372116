package org.capitania.registry.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.registry.freezing.VisibleText;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.Sql;

/** What outside servers offer, and the owner's word on it. */
@ApplicationScoped
class HqOutside implements ToolHandler {
    private static final List<String> FIELDS =
            List.of("name", "title", "description", "inputSchema", "outputSchema", "annotations");

    private final Sql sql;
    private final OutsideStore store;
    private final OutsideTools tools;

    HqOutside(Sql sql, OutsideStore store, OutsideTools tools) {
        this.sql = sql;
        this.store = store;
        this.tools = tools;
    }

    @Override
    public String tool() {
        return "hq_outside";
    }

    @Override
    public Result call(Call call) {
        return switch (call.verb().name()) {
            case "list" -> list(call);
            case "show" -> Result.of(shown(find(call)));
            case "trust" -> trust(call);
            default -> block(call);
        };
    }

    private Result list(Call call) {
        ObjectNode data = Json.MAPPER.createObjectNode();
        ArrayNode silent = data.putArray("silent");
        for (String server : tools.servers()) {
            try (OutsideSession session = tools.session(server)) {
                tools.refresh(call.scope(), server, session);
            } catch (CapitaniaException e) {
                silent.addObject().put("server", server).put("why", e.detail());
            }
        }
        ArrayNode items = data.putArray("items");
        for (OutsideTool tool : sql.tx(call.scope(), store::all)) {
            items.addObject()
                    .put("tool", tool.tool())
                    .put("server", tool.server())
                    .put("status", tools.servers().contains(tool.server()) ? tool.status() : "gone")
                    .put("class", tool.pinned() == null ? "none" : tool.reads() ? "read" : "gated")
                    .set("agents", Json.tree(tool.agents()));
        }
        return Result.of(data);
    }

    private Result trust(Call call) {
        OutsideTool tool = find(call);
        Optional<String> objection = OfferedTool.objection(tool.offered());
        if (objection.isPresent()) {
            throw new CapitaniaException(ErrorCode.DENIED, tool.tool() + " cannot be used: " + objection.get());
        }
        boolean reads = call.arguments().path("class").asText("gated").equals("read");
        boolean pinned = sql.tx(
                call.scope(),
                tx -> store.trust(tx, tool.tool(), call.text("hash"), reads, call.texts("agents"), call.actor()));
        if (!pinned) {
            throw new CapitaniaException(
                            ErrorCode.VERSION_CONFLICT, tool.tool() + " is not offered as you saw it any more")
                    .withHint("look at it again with action show");
        }
        return Result.of(shown(find(call)));
    }

    private Result block(Call call) {
        OutsideTool tool = find(call);
        sql.tx(call.scope(), tx -> store.block(tx, tool.tool()));
        return Result.of(shown(find(call)));
    }

    private OutsideTool find(Call call) {
        return sql.tx(call.scope(), tx -> store.find(tx, call.text("tool")))
                .orElseThrow(() -> new CapitaniaException(
                                ErrorCode.NOT_FOUND, "no outside tool is called " + call.text("tool"))
                        .withHint("hq_outside with action list asks the servers what they offer"));
    }

    /** Everything the owner has to see, with what a text hides made visible. */
    private static JsonNode shown(OutsideTool tool) {
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.put("tool", tool.tool())
                .put("server", tool.server())
                .put("status", tool.status())
                .put("hash", tool.offeredHash())
                .put("offered", VisibleText.of(tool.offered().toPrettyString()).shown());
        if (tool.pinned() != null) {
            data.put("class", tool.reads() ? "read" : "gated").put("trusted_by", tool.trustedBy());
        }
        data.set("agents", Json.tree(tool.agents()));
        OfferedTool.objection(tool.offered())
                .ifPresent(why -> data.put("objection", VisibleText.of(why).shown()));
        ArrayNode differences = data.putArray("differences");
        JsonNode pinned = tool.pinned();
        if (pinned != null) {
            for (String field : FIELDS) {
                if (!pinned.path(field).equals(tool.offered().path(field))) {
                    differences
                            .addObject()
                            .put("field", field)
                            .put("pinned", text(pinned.path(field)))
                            .put("offered", text(tool.offered().path(field)));
                }
            }
        }
        return data;
    }

    private static String text(JsonNode value) {
        return value.isMissingNode()
                ? ""
                : VisibleText.of(value.isTextual() ? value.asText() : value.toPrettyString())
                        .shown();
    }
}
