package org.capitania.registry.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;

/** The forms in which tool definitions are published; all from the one file a tool. */
public enum ToolFormat {
    /** The {@code tools} of a Messages request. */
    ANTHROPIC {
        @Override
        ObjectNode write(ToolDefinition tool, ObjectNode schema) {
            ObjectNode node = Json.MAPPER.createObjectNode();
            node.put("name", tool.name()).put("description", tool.description()).put("strict", true);
            node.set("input_schema", schema);
            node.set("input_examples", examples(tool, schema));
            return node;
        }
    },
    /** The {@code tools} of a chat completion. */
    OPENAI {
        @Override
        ObjectNode write(ToolDefinition tool, ObjectNode schema) {
            ObjectNode function = Json.MAPPER.createObjectNode();
            function.put("name", tool.name()).put("description", tool.description());
            function.set("parameters", schema);
            ObjectNode node = Json.MAPPER.createObjectNode().put("type", "function");
            node.set("function", function);
            return node;
        }
    },
    /** What a LangChain4j {@code ToolSpecification} is built from. */
    LANGCHAIN4J {
        @Override
        ObjectNode write(ToolDefinition tool, ObjectNode schema) {
            ObjectNode node = Json.MAPPER.createObjectNode();
            node.put("name", tool.name()).put("description", tool.description());
            node.set("parameters", schema);
            return node;
        }
    },
    /** The result of {@code tools/list} of the Model Context Protocol. */
    MCP {
        @Override
        ObjectNode write(ToolDefinition tool, ObjectNode schema) {
            ObjectNode node = Json.MAPPER.createObjectNode();
            node.put("name", tool.name()).put("description", tool.description());
            node.set("inputSchema", schema);
            node.set("outputSchema", tool.view().outputSchema());
            node.putObject("annotations")
                    .put("readOnlyHint", tool.scope().readOnly())
                    .put("openWorldHint", tool.scope() == ToolScope.OUTBOUND);
            return node;
        }
    };

    abstract ObjectNode write(ToolDefinition tool, ObjectNode schema);

    /** {@code {"tools":[…]}} with what an agent was granted: tool name to the actions it may use. */
    public ObjectNode export(Catalogue catalogue, Map<String, Set<String>> granted) {
        ObjectNode all = Json.MAPPER.createObjectNode();
        ArrayNode tools = all.putArray("tools");
        for (ToolDefinition tool : catalogue.all()) {
            Set<String> actions = granted.get(tool.name());
            if (actions != null) {
                tools.add(write(tool, tool.inputSchema(actions)));
            }
        }
        return all;
    }

    private static ArrayNode examples(ToolDefinition tool, ObjectNode schema) {
        InputSchema narrowed = new InputSchema(schema);
        ArrayNode kept = Json.MAPPER.createArrayNode();
        List<JsonNode> fitting = tool.examples().stream()
                .filter(e -> narrowed.check(e).isEmpty())
                .toList();
        return kept.addAll(fitting);
    }

    public static ToolFormat of(String name) {
        return Arrays.stream(values())
                .filter(f -> f.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new CapitaniaException(
                        ErrorCode.BAD_REQUEST, "format is anthropic, openai, langchain4j or mcp, not " + name));
    }
}
