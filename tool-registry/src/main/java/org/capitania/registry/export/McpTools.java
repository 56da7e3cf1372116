package org.capitania.registry.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.ToolLoading;

/** A tool of the Model Context Protocol. Its annotations are about what was granted: a tool of which only reading was granted only reads. */
final class McpTools {

    private McpTools() {}

    static ObjectNode write(GrantedTool tool) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("name", tool.name())
                .put("title", tool.title())
                .put("description", tool.tool().description());
        node.set("inputSchema", tool.schema());
        node.set("outputSchema", outcome(tool.tool().view().outputSchema()));
        node.putObject("annotations")
                .put("title", tool.title())
                .put("readOnlyHint", !tool.changes())
                .put("destructiveHint", tool.destructive())
                // A call is repeated without harm under its own call id, which this protocol has no place for.
                .put("idempotentHint", !tool.changes())
                .put("openWorldHint", tool.outward() || tool.name().startsWith("web_"));
        if (tool.always()) {
            node.putObject("_meta").put(ToolLoading.ALWAYS, true);
        }
        return node;
    }

    /** What every call comes to; clients hold an error of the tool, which a refused or failed one is, to it as well. */
    private static ObjectNode outcome(JsonNode data) {
        ObjectNode schema = Json.MAPPER.createObjectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("ok").put("type", "boolean");
        ArrayNode statuses = properties.putObject("status").putArray("enum");
        List.of("done", "proposed", "refused", "failed", "unknown").forEach(statuses::add);
        properties.putObject("action").put("type", "string");
        ObjectNode proposed = Json.MAPPER.createObjectNode().put("type", "object");
        proposed.putObject("properties").putObject("proposal_id").put("type", "string");
        proposed.putArray("required").add("proposal_id");
        properties.putObject("data").putArray("anyOf").add(data).add(proposed);
        for (String id : new String[] {"audit_event_id", "trace_id", "proposal_id"}) {
            properties.putObject(id).put("type", "string");
        }
        ObjectNode error = properties.putObject("error").put("type", "object");
        ObjectNode said = error.putObject("properties");
        for (String text : new String[] {"code", "message", "hint"}) {
            said.putObject(text).put("type", "string");
        }
        said.putObject("errors").put("type", "array").putObject("items").put("type", "object");
        error.putArray("required").add("code").add("message");
        schema.putArray("required").add("ok").add("status").add("action");
        return schema;
    }
}
