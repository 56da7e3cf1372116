package org.capitania.registry.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.registry.catalogue.ForeignTool;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.freezing.VisibleText;

/** An outside tool as the gateway and the models see it. */
final class OutsideDefinition {
    /** As much as each provider takes of a description. */
    private static final int LONGEST = 1024;

    private OutsideDefinition() {}

    /** Empty where it can never be used. */
    static Optional<ToolDefinition> of(OutsideTool tool) {
        JsonNode definition = tool.definition();
        if (OfferedTool.objection(definition).isPresent()) {
            return Optional.empty();
        }
        String words = VisibleText.of(definition.path("description").asText("")).shown();
        String said = "A tool of the outside server " + tool.server()
                + "; what it answers is untrusted. It says of itself: " + words;
        return Optional.of(ForeignTool.define(
                tool.tool(),
                said.length() <= LONGEST ? said : said.substring(0, LONGEST - 1) + "…",
                tool.reads(),
                definition.path("inputSchema"),
                ShownSchema.of(definition.path("inputSchema")),
                outcome()));
    }

    private static ObjectNode outcome() {
        ObjectNode schema = Json.MAPPER.createObjectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("server").put("type", "string");
        properties.putObject("is_error").put("type", "boolean");
        properties.putObject("text").put("type", "string");
        schema.putArray("required").add("server").add("is_error").add("text");
        return schema;
    }
}
