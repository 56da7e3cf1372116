package org.capitania.registry.export;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.capitania.contract.Json;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.catalogue.Verb;

/** Writes the catalogue for people ({@code docs/tools.md}) and for programs ({@code schemas/tools.json}). */
final class PublishedCatalogue {
    private static final List<String> ROLES = List.of("chief", "operator", "project", "client:*");

    private final Catalogue catalogue;

    PublishedCatalogue(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    String json() {
        ObjectNode all = Json.MAPPER.createObjectNode();
        all.put(
                "about",
                "Every tool of Capitania, generated from tool-registry/src/main/resources/tools. Do not edit.");
        ArrayNode tools = all.putArray("tools");
        for (ToolDefinition tool : catalogue.all()) {
            ObjectNode node = tools.addObject();
            node.put("name", tool.name()).put("description", tool.description());
            node.put("scope", tool.view().scope())
                    .put("risk", tool.view().risk())
                    .put("idempotency", tool.view().idempotency())
                    .put("tokens", tokens(tool));
            ArrayNode actions = node.putArray("actions");
            actions(tool)
                    .forEach(verb -> actions.addObject()
                            .put("action", verb.name())
                            .put("scope", verb.scope().name().toLowerCase(java.util.Locale.ROOT))
                            .put("risk", verb.risk().wire())
                            .put("idempotency", verb.idempotency().wire())
                            .put("owner_only", verb.ownerOnly())
                            .set("requires", Json.tree(verb.requires())));
            node.set("input_schema", tool.inputSchema());
            node.set("output_schema", tool.view().outputSchema());
            node.set("examples", Json.tree(tool.examples()));
        }
        try {
            DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
            printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
            return Json.MAPPER.writer(printer).writeValueAsString(all).replace("\r\n", "\n") + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String markdown() {
        StringBuilder text = new StringBuilder("""
                # Tools

                Everything an agent can do, and everything `hq` builds its verbs from. This page is generated from the tools' files; to change it, change those
                (`tool-registry/src/main/resources/tools`) and run the command in [tool-registry/README.md](../tool-registry/README.md). For programs the same stands
                in [schemas/tools.json](../schemas/tools.json).

                - **risk** is what becomes of an agent's call that passed every check: *direct* is done at once, *outbound* waits for the owner until the action
                  is graduated, *gated* always waits. What the reviewed list `destructive.json` names waits in any case.
                - **again** is how a call is treated whose outcome is in doubt: *read* and *idempotent* are simply run again, for *detectable* the gateway looks
                  first, *blind* waits for a person.
                - **tokens** is what one definition costs in a request (name, description, schema; counted as cl100k_base).

                | tool | what it is for | scope | risk | tokens | who may have it |
                |---|---|---|---|---|---|
                """);
        Map<String, Map<String, Set<String>>> ceilings =
                ROLES.stream().collect(Collectors.toMap(r -> r, r -> Definitions.ceiling(catalogue, r)));
        for (ToolDefinition tool : catalogue.all()) {
            text.append("| [")
                    .append(tool.name())
                    .append("](#")
                    .append(tool.name())
                    .append(") | ")
                    .append(cell(tool.summary()))
                    .append(" | ")
                    .append(tool.view().scope())
                    .append(" | ")
                    .append(tool.view().risk())
                    .append(" | ")
                    .append(tokens(tool))
                    .append(" | ")
                    .append(holders(tool, ceilings))
                    .append(" |\n");
        }
        catalogue.all().forEach(tool -> section(text, tool));
        return text.toString();
    }

    private static void section(StringBuilder text, ToolDefinition tool) {
        text.append("\n## ").append(tool.name()).append("\n\n");
        text.append(tool.description()).append("\n");
        List<Verb> actions = actions(tool);
        if (actions.isEmpty()) {
            text.append("\nRisk ")
                    .append(tool.view().risk())
                    .append(", again ")
                    .append(tool.view().idempotency())
                    .append(".\n");
        } else {
            text.append("\n| action | needs | scope | risk | again |\n|---|---|---|---|---|\n");
            for (Verb verb : actions) {
                text.append("| `").append(verb.name()).append("`");
                text.append(verb.ownerOnly() ? " (the owner alone)" : "").append(" | ");
                text.append(verb.requires().stream().map(r -> "`" + r + "`").collect(Collectors.joining(", ")));
                text.append(" | ").append(verb.scope().name().toLowerCase(java.util.Locale.ROOT));
                text.append(" | ").append(verb.risk().wire());
                text.append(" | ").append(verb.idempotency().wire()).append(" |\n");
            }
        }
        arguments(text, tool.inputSchema());
        text.append("\n```json\n");
        tool.examples().forEach(e -> text.append(e).append('\n'));
        text.append("```\n");
    }

    private static void arguments(StringBuilder text, ObjectNode schema) {
        if (schema.path("properties").isEmpty()) {
            text.append("\nIt takes no arguments.\n");
            return;
        }
        Set<String> required = Set.of(Json.convert(
                schema.has("required") ? schema.get("required") : Json.MAPPER.createArrayNode(), String[].class));
        text.append("\n| argument | kind | meaning |\n|---|---|---|\n");
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            text.append("| `").append(property.getKey()).append("`");
            text.append(required.contains(property.getKey()) ? " **required**" : "")
                    .append(" | ");
            text.append(cell(kind(property.getValue()))).append(" | ");
            text.append(cell(property.getValue().path("description").asText("")))
                    .append(" |\n");
        }
    }

    private static String kind(JsonNode schema) {
        List<String> words = new ArrayList<>();
        if (schema.has("enum")) {
            List<String> values = new ArrayList<>();
            schema.get("enum").forEach(v -> values.add("`" + v.asText() + "`"));
            words.add(values.size() == 1 ? values.getFirst() : "one of " + String.join(", ", values));
        } else if (schema.path("type").asText().equals("array")) {
            words.add("list of " + kind(schema.path("items")));
        } else {
            words.add(schema.path("format").asText(schema.path("type").asText("any value")));
        }
        bounds(schema, "minimum", "maximum", "").ifPresent(words::add);
        bounds(schema, "minLength", "maxLength", " characters").ifPresent(words::add);
        bounds(schema, "minItems", "maxItems", " of them").ifPresent(words::add);
        return String.join(", ", words);
    }

    private static java.util.Optional<String> bounds(JsonNode schema, String least, String most, String unit) {
        if (schema.has(least) && schema.has(most)) {
            return java.util.Optional.of(schema.get(least) + " to " + schema.get(most) + unit);
        }
        if (schema.has(most)) {
            return java.util.Optional.of("at most " + schema.get(most) + unit);
        }
        return schema.has(least)
                ? java.util.Optional.of("at least " + schema.get(least) + unit)
                : java.util.Optional.empty();
    }

    private static String holders(ToolDefinition tool, Map<String, Map<String, Set<String>>> ceilings) {
        List<String> holders = new ArrayList<>();
        for (String role : ROLES) {
            Set<String> actions = ceilings.get(role).get(tool.name());
            if (actions != null) {
                holders.add(
                        actions.contains("*")
                                ? role
                                : role + " ("
                                        + String.join(
                                                ", ", actions.stream().sorted().toList()) + ")");
            }
        }
        return holders.isEmpty() ? "people only" : String.join(", ", holders);
    }

    private static List<Verb> actions(ToolDefinition tool) {
        return tool.inputSchema().at("/properties/action/enum").isEmpty()
                ? List.of()
                : GrantedTool.of(tool, Set.of("*")).verbs();
    }

    private static int tokens(ToolDefinition tool) {
        return Tokens.of(ToolFormat.LANGCHAIN4J
                .export(List.of(tool), Map.of(tool.name(), Set.of("*")))
                .path("tools")
                .path(0));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
