package org.capitania.cli.completion;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.capitania.cli.text.Fields;
import org.capitania.cli.tool.ToolNames;

/** What may be said after a noun of the catalogue: its actions, their options, and what these may be. */
final class ToolWords {
    private static final Map<String, String> EVERYWHERE = Map.of(
            "--json", "print one JSON object instead of text",
            "--reason", "why; kept with what this changes",
            "--watch", "print it again whenever it changes, until Ctrl-C",
            "--help", "show what there is");

    private final String noun;
    private final Known known;

    ToolWords(String noun, Known known) {
        this.noun = noun;
        this.known = known;
    }

    void offer(List<String> said, String begun, BiConsumer<String, String> offer) {
        if (said.isEmpty()) {
            verbs(offer);
            return;
        }
        Optional<JsonNode> tool = ToolNames.find(known.tools(), noun, said.getFirst());
        if (tool.isEmpty()) {
            return;
        }
        JsonNode properties = tool.get().at("/input_schema/properties");
        JsonNode prompt = tool.get().path("prompt");
        String last = said.getLast();
        if (last.startsWith("--") && !last.contains("=") && !EVERYWHERE.containsKey(last)) {
            values(option(last.substring(2).replace('-', '_'), prompt), properties, offer);
        } else if (begun.startsWith("-")) {
            options(properties, prompt, offer);
        } else {
            required(tool.get(), said, offer);
        }
    }

    private void verbs(BiConsumer<String, String> offer) {
        for (JsonNode tool : known.tools()) {
            String name = Fields.text(tool, "name");
            if (ToolNames.isWhole(noun, name)) {
                tool.path("actions")
                        .forEach(action ->
                                offer.accept(dashed(Fields.text(action, "name")), Fields.text(action, "description")));
                tool.path("prompt")
                        .path("actions")
                        .properties()
                        .forEach(word -> offer.accept(
                                dashed(word.getKey()),
                                "the same as " + word.getValue().asText()));
            } else {
                ToolNames.verb(noun, name)
                        .ifPresent(verb -> offer.accept(
                                dashed(verb), Fields.text(tool, "description").split("\\. ", 2)[0]));
            }
        }
    }

    private static void options(JsonNode properties, JsonNode prompt, BiConsumer<String, String> offer) {
        properties.properties().stream()
                .filter(property -> !property.getKey().equals("action"))
                .forEach(property -> offer.accept(
                        "--" + dashed(property.getKey()), Fields.text(property.getValue(), "description")));
        prompt.path("options")
                .properties()
                .forEach(option -> offer.accept(
                        "--" + dashed(option.getKey()),
                        "the same as --" + dashed(option.getValue().asText())));
        EVERYWHERE.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> offer.accept(each.getKey(), each.getValue()));
    }

    /** The argument that an option means, as a path into the schema. */
    private static String option(String said, JsonNode prompt) {
        return prompt.path("options").path(said).asText(said);
    }

    private void values(String path, JsonNode properties, BiConsumer<String, String> offer) {
        JsonNode property = properties.at("/" + path.replace("/", "/properties/"));
        JsonNode values = property.path("items").has("enum") ? property.at("/items/enum") : property.path("enum");
        values.forEach(value -> offer.accept(value.asText(), ""));
        if (property.path("type").asText().equals("boolean")) {
            offer.accept("true", "");
            offer.accept("false", "");
        }
        if (values.isEmpty()) {
            known.named(path).forEach(offer);
        }
        if (path.equals("ref") || path.equals("into")) {
            known.nodes(noun).forEach(offer);
        } else if (List.of("entity", "project", "engagement", "conversation").contains(path)) {
            known.nodes(path).forEach(offer);
        } else if (path.equals("about")) {
            known.named("SLUG").forEach(offer);
        }
    }

    /** What the action cannot do without and may be said without its name; only its first is offered. */
    private void required(JsonNode tool, List<String> said, BiConsumer<String, String> offer) {
        String verb = said.getFirst().replace('-', '_');
        String action = tool.path("prompt").path("actions").path(verb).asText(verb);
        if (said.size() > 1) {
            return;
        }
        tool.path("actions")
                .valueStream()
                .filter(each -> Fields.text(each, "name").equals(action))
                .flatMap(each -> each.path("requires").valueStream())
                .map(JsonNode::asText)
                .findFirst()
                .ifPresent(name -> values(name, tool.at("/input_schema/properties"), offer));
    }

    private static String dashed(String name) {
        return name.replace('_', '-');
    }
}
