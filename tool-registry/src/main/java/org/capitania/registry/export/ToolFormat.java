package org.capitania.registry.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.registry.catalogue.ToolDefinition;

/** The forms in which tool definitions are published; all from the one file a tool. */
public enum ToolFormat {
    /** The {@code tools} of a Messages request. */
    ANTHROPIC {
        @Override
        ArrayNode write(List<GrantedTool> tools) {
            return AnthropicTools.write(tools);
        }
    },
    /** The {@code tools} of a chat completion: strict where every parameter is required, and knowingly not strict elsewhere. */
    OPENAI {
        @Override
        ArrayNode write(List<GrantedTool> tools) {
            return each(tools, tool -> {
                boolean strict = Grammar.OPENAI.takes(tool.schema());
                ObjectNode function = Json.MAPPER.createObjectNode();
                function.put("name", tool.name()).put("description", tool.tool().description());
                function.set("parameters", strict ? Grammar.OPENAI.strict(tool.schema()) : tool.schema());
                function.put("strict", strict);
                ObjectNode node = Json.MAPPER.createObjectNode().put("type", "function");
                return node.set("function", function);
            });
        }
    },
    /** What {@code ToolSpecification.fromJson} of LangChain4j reads. */
    LANGCHAIN4J {
        @Override
        ArrayNode write(List<GrantedTool> tools) {
            return each(tools, tool -> {
                ObjectNode node = Json.MAPPER.createObjectNode();
                node.put("name", tool.name()).put("description", tool.tool().description());
                return node.set("parameters", tool.schema());
            });
        }
    },
    /** The result of {@code tools/list} of the Model Context Protocol. */
    MCP {
        @Override
        ArrayNode write(List<GrantedTool> tools) {
            return each(tools, McpTools::write);
        }
    };

    abstract ArrayNode write(List<GrantedTool> tools);

    /** {@code {"tools":[…]}} with what somebody was granted: tool name to the actions it may use. */
    public ObjectNode export(Collection<ToolDefinition> tools, Map<String, Set<String>> granted) {
        ObjectNode all = Json.MAPPER.createObjectNode();
        all.set("tools", write(GrantedTool.of(tools, granted)));
        return all;
    }

    private static ArrayNode each(
            List<GrantedTool> tools, java.util.function.Function<GrantedTool, ObjectNode> written) {
        ArrayNode all = Json.MAPPER.createArrayNode();
        tools.forEach(tool -> all.add(written.apply(tool)));
        return all;
    }

    public static ToolFormat of(String name) {
        return Arrays.stream(values())
                .filter(f -> f.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new CapitaniaException(
                        ErrorCode.BAD_REQUEST, "format is anthropic, openai, langchain4j or mcp, not " + name));
    }
}
