package org.capitania.registry.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.capitania.contract.Json;

/** A tool that has no file here, since it is somebody else's. */
public final class ForeignTool {

    private ForeignTool() {}

    /**
     * Defines it.
     *
     * @param held what its arguments are held to
     * @param shown of that, what a model is shown
     * @param reads whether it is known to change nothing; one that is not known to waits for the owner each time, and a call in doubt for a person
     */
    public static ToolDefinition define(
            String name, String description, boolean reads, JsonNode held, ObjectNode shown, ObjectNode output) {
        ObjectNode file = Json.MAPPER.createObjectNode();
        file.put("name", name).put("description", description);
        file.put("scope", reads ? "read" : "write");
        file.put("risk", reads ? "direct" : "gated");
        file.put("idempotency", reads ? "read" : "blind");
        file.set("input_schema", shown);
        file.set("output_schema", output);
        file.putArray("examples");
        return new ToolDefinition(Json.convert(file, ToolFile.class), Map.of(), held);
    }
}
