package org.capitania.cli.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.capitania.cli.text.Fields;
import picocli.CommandLine;

/** What the catalogue says of a noun's tools, for their help: the actions there are, what each needs, and the options. */
final class ToolHelp {
    private static final int WIDTH = 20;

    private final String noun;
    private final List<JsonNode> tools;
    private final Map<String, CommandLine> beside;

    /**
     * The help for a noun.
     *
     * @param tools the whole catalogue
     * @param beside verbs of the noun that the catalogue has not
     */
    ToolHelp(String noun, List<JsonNode> tools, Map<String, CommandLine> beside) {
        this.noun = noun;
        this.tools = tools;
        this.beside = beside;
    }

    /** The text, in lines; empty when the catalogue has no such tool. */
    String text() {
        List<String> actions = new ArrayList<>();
        List<String> options = new ArrayList<>();
        for (JsonNode tool : tools) {
            String name = Fields.text(tool, "name");
            JsonNode properties = tool.path("input_schema").path("properties");
            if (ToolNames.isWhole(noun, name)) {
                tool.path("actions").forEach(action -> actions.add(action(action)));
                tool.path("prompt")
                        .path("actions")
                        .properties()
                        .forEach(word -> actions.add(line(
                                dashed(word.getKey()),
                                "The same as " + word.getValue().asText() + ".")));
                options(properties, options);
                words(tool.path("prompt"), options);
            } else {
                ToolNames.verb(noun, name)
                        .ifPresent(verb ->
                                actions.add(line(dashed(verb), firstSentence(Fields.text(tool, "description")))));
            }
        }
        beside.forEach((verb, command) -> actions.add(line(
                verb, String.join(" ", command.getCommandSpec().usageMessage().description()))));
        StringBuilder text = new StringBuilder();
        section(text, "Actions:", actions);
        section(text, "Options of its actions:", options);
        return text.toString();
    }

    private static String action(JsonNode action) {
        String what = Fields.text(action, "description");
        if (action.path("owner_only").asBoolean()) {
            what += " Only the owner.";
        }
        String notYet = Fields.text(action, "not_yet");
        return line(dashed(Fields.text(action, "name")), notYet.isEmpty() ? what : what + " Not yet: " + notYet);
    }

    private static void options(JsonNode properties, List<String> lines) {
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            if (!property.getKey().equals("action")) {
                lines.add(line("--" + dashed(property.getKey()), what(property.getValue())));
            }
        }
    }

    private static String what(JsonNode property) {
        String values =
                property.path("enum").valueStream().map(JsonNode::asText).collect(Collectors.joining(", "));
        String description = Fields.text(property, "description");
        return description.isEmpty() || values.isEmpty() ? description + values : description + " " + values;
    }

    private static void words(JsonNode prompt, List<String> lines) {
        prompt.path("options")
                .properties()
                .forEach(option -> lines.add(line(
                        "--" + dashed(option.getKey()),
                        "The same as --" + dashed(option.getValue().asText().replace("/", ".")) + ".")));
        prompt.path("not_yet")
                .properties()
                .forEach(option -> lines.add(line(
                        "--" + dashed(option.getKey()),
                        "Not yet: " + option.getValue().asText())));
    }

    private static void section(StringBuilder text, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append(title).append('\n');
            lines.forEach(line -> text.append(line).append('\n'));
        }
    }

    private static String line(String name, String what) {
        return String.format("  %-" + WIDTH + "s %s", name, what).stripTrailing();
    }

    private static String dashed(String name) {
        return name.replace('_', '-');
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }
}
