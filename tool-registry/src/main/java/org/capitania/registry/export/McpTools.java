package org.capitania.registry.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.capitania.contract.Json;

/** A tool of the Model Context Protocol. Its annotations are about what was granted: a tool of which only reading was granted only reads. */
final class McpTools {

    private McpTools() {}

    static ObjectNode write(GrantedTool tool) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("name", tool.name())
                .put("title", tool.title())
                .put("description", tool.tool().description());
        node.set("inputSchema", tool.schema());
        node.set("outputSchema", tool.tool().view().outputSchema());
        node.putObject("annotations")
                .put("title", tool.title())
                .put("readOnlyHint", !tool.changes())
                .put("destructiveHint", tool.destructive())
                // A call is repeated without harm under its own call id, which this protocol has no place for.
                .put("idempotentHint", !tool.changes())
                .put("openWorldHint", tool.outward() || tool.name().startsWith("web_"));
        return node;
    }
}
