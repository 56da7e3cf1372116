package org.capitania.cli.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capitania.cli.text.Fields;

/** What the catalogue says of a noun's tools, for their help: the actions there are, what each needs, and the options. */
final class ToolHelp {
    private static final int WIDTH = 20;

    private final String noun;
    private final List<JsonNode> tools;

    /**
     * The help for a noun.
     *
     * @param tools the whole catalogue
     */
    ToolHelp(String noun, List<JsonNode> tools) {
        this.noun = noun;
        this.tools = tools;
    }

    /** The text, in lines; empty when the catalogue has no such tool. */
    String text() {
        List<String> actions = new ArrayList<>();
        List<String> options = new ArrayList<>();
        for (JsonNode tool : tools) {
            String name = Fields.text(tool, "name");
            JsonNode properties = tool.path("input_schema").path("properties");
            if (name.equals("hq_" + noun.replace('-', '_'))) {
                tool.path("actions").forEach(action -> actions.add(action(action)));
                options(properties, options);
            } else if (name.replaceFirst("^hq_", "").startsWith(noun.replace('-', '_') + "_")) {
                String verb = name.replaceFirst("^hq_", "").substring(noun.length() + 1);
                actions.add(line(dashed(verb), firstSentence(Fields.text(tool, "description"))));
            }
        }
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
                lines.add(line("--" + dashed(property.getKey()), Fields.text(property.getValue(), "description")));
            }
        }
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
