package org.capitania.registry.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.capitania.contract.Json;
import org.capitania.contract.api.ToolLoading;

/**
 * The {@code tools} of a Messages request. A request may hold 20 strict tools with 24 optional parameters in all (structured outputs, "Schema
 * complexity limits"): those that do most are strict first. Above {@value ToolLoading#ALL_LOADED} tools it takes the form with tool search, which
 * allows no examples.
 */
final class AnthropicTools {
    static final String SEARCH = "tool_search_tool_bm25";

    private static final int STRICT_TOOLS = 20;
    private static final int OPTIONAL_PARAMETERS = 24;

    private AnthropicTools() {}

    static ArrayNode write(List<GrantedTool> tools) {
        boolean searched = tools.size() > ToolLoading.ALL_LOADED;
        Set<String> strict = strict(tools);
        ArrayNode all = Json.MAPPER.createArrayNode();
        if (searched) {
            all.addObject().put("type", SEARCH + "_20251119").put("name", SEARCH);
        }
        for (GrantedTool tool : tools) {
            ObjectNode node = write(tool, strict.contains(tool.name()));
            if (searched && !tool.always()) {
                node.put("defer_loading", true);
            }
            if (!searched) {
                node.set("input_examples", tool.examples());
            }
            all.add(node);
        }
        return all;
    }

    private static ObjectNode write(GrantedTool tool, boolean strict) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("name", tool.name()).put("description", tool.tool().description());
        node.set("input_schema", strict ? Grammar.ANTHROPIC.strict(tool.schema()) : tool.schema());
        if (strict) {
            node.put("strict", true);
        }
        return node;
    }

    private static Set<String> strict(List<GrantedTool> tools) {
        List<GrantedTool> weightiest = tools.stream()
                .filter(t -> Grammar.ANTHROPIC.takes(t.schema()))
                .sorted(Comparator.comparing((GrantedTool t) -> !t.outward())
                        .thenComparing(t -> !t.changes())
                        .thenComparing(GrantedTool::name))
                .toList();
        Set<String> chosen = new HashSet<>();
        int left = OPTIONAL_PARAMETERS;
        for (GrantedTool tool : weightiest) {
            int optional = Grammar.optionals(tool.schema());
            if (chosen.size() < STRICT_TOOLS && optional <= left) {
                chosen.add(tool.name());
                left -= optional;
            }
        }
        return chosen;
    }
}
