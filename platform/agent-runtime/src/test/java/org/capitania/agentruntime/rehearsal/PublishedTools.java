package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.capitania.agentruntime.transcript.ToolDefinition;
import org.capitania.contract.Json;

/** The published catalogue: what an agent is shown of it, and what it says of a call and of its result. */
final class PublishedTools {
    private static final Path ROOT = Path.of("../..");
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final Map<String, JsonNode> byName = new TreeMap<>();

    PublishedTools() {
        read("schemas/tools.json")
                .path("tools")
                .forEach(t -> byName.put(t.path("name").asText(), t));
    }

    /** What the role is shown: what its workspace lists, with the actions it can be granted, and these beside it. */
    List<ToolDefinition> of(String role, List<String> beside) {
        JsonNode granted = read("tool-registry/src/main/resources/curation.json");
        Set<String> names = new LinkedHashSet<>(beside);
        text("agent-" + role + "/workspace/agent.md")
                .replaceFirst("(?s).*\n## Tools\n", "")
                .replaceFirst("(?s)\n## .*", "")
                .lines()
                .filter(line -> line.startsWith("- "))
                .forEach(line -> names.add(line.substring(2).split(" ")[0]));
        List<ToolDefinition> tools = new ArrayList<>();
        for (String name : names) {
            JsonNode ceiling = granted.path("base").has(name)
                    ? granted.path("base").path(name)
                    : granted.path("roles").path(role).path(name);
            if (ceiling.isMissingNode() || !byName.containsKey(name)) {
                throw new AssertionError(role + " asks for " + name + ", which it cannot be granted");
            }
            tools.add(new ToolDefinition(name, name, narrowed(byName.get(name), ceiling), false, true));
        }
        return tools;
    }

    private static JsonNode narrowed(JsonNode tool, JsonNode ceiling) {
        ObjectNode schema = tool.path("input_schema").deepCopy();
        if (schema.at("/properties/action/enum") instanceof ArrayNode actions
                && !ceiling.path(0).asText().equals("*")) {
            Set<String> allowed = new LinkedHashSet<>();
            ceiling.forEach(a -> allowed.add(a.asText()));
            List<JsonNode> kept = actions.valueStream()
                    .filter(a -> allowed.contains(a.asText()))
                    .toList();
            actions.removeAll().addAll(kept);
        }
        return schema;
    }

    /** What is wrong with a call: by the schema as it was shown, then by what its action requires. */
    List<String> wrong(ToolDefinition shown, JsonNode arguments) {
        List<String> wrong = new ArrayList<>();
        REGISTRY.getSchema(shown.inputSchema()).validate(arguments).forEach(e -> wrong.add(e.toString()));
        for (JsonNode action : byName.get(shown.name()).path("actions")) {
            if (action.path("action").asText().equals(arguments.path("action").asText())) {
                action.path("requires").forEach(r -> {
                    if (!arguments.hasNonNull(r.asText())) {
                        wrong.add("requires " + r.asText());
                    }
                });
            }
        }
        return wrong;
    }

    /** What is wrong with a result. */
    List<String> wrongResult(String tool, JsonNode data) {
        List<String> wrong = new ArrayList<>();
        JsonNode schema = byName.get(tool).path("output_schema");
        REGISTRY.getSchema(schema).validate(data).forEach(e -> wrong.add(e.toString()));
        return wrong;
    }

    static String text(String path) {
        try {
            return Files.readString(ROOT.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(String path) {
        return Json.read(text(path), JsonNode.class);
    }
}
