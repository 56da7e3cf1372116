package org.capitania.cli.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.capitania.cli.text.Fields;

/** The tools that a noun and a verb may stand for: hq task list, hq email send, hq examples find, hq event create, hq action list. */
public final class ToolNames {
    private static final List<String> TO_LOG = List.of("create", "list");

    private ToolNames() {}

    /** The tool that a noun and a verb mean; the one that has all verbs of the noun where none has this one. */
    public static Optional<JsonNode> find(List<JsonNode> tools, String noun, String verb) {
        String deed = ToolArguments.underscored(verb);
        Optional<JsonNode> all = tools.stream()
                .filter(tool -> isWhole(noun, Fields.text(tool, "name")))
                .findFirst();
        return all.filter(tool -> does(tool, verb))
                .or(() -> Stream.of(
                                ToolArguments.underscored(noun) + "_" + deed,
                                whole(noun) + "_" + deed,
                                whole(noun) + (TO_LOG.contains(deed) ? "_log" : "_"))
                        .flatMap(name -> tools.stream()
                                .filter(tool -> Fields.text(tool, "name").equals(name)))
                        .findFirst())
                .or(() -> all);
    }

    /** Whether a tool has an action by that name, or has none at all. */
    static boolean does(JsonNode tool, String verb) {
        String deed = ToolArguments.underscored(verb);
        return !all(tool)
                || tool.at("/prompt/actions").has(deed)
                || tool.at("/input_schema/properties/action/enum")
                        .valueStream()
                        .anyMatch(action -> action.asText().equals(deed));
    }

    /** Whether a tool has all verbs of a noun: hq_task, or shell. */
    public static boolean isWhole(String noun, String tool) {
        return tool.equals(whole(noun)) || tool.equals(ToolArguments.underscored(noun));
    }

    private static String whole(String noun) {
        return "hq_" + ToolArguments.underscored(noun);
    }

    /** The noun that a tool has its verbs under. */
    public static String noun(JsonNode tool) {
        String name = Fields.text(tool, "name").replaceFirst("^hq_", "");
        return ToolArguments.dashed(all(tool) || name.indexOf('_') < 0 ? name : name.substring(0, name.indexOf('_')));
    }

    /** Whether it has all verbs of its noun. */
    public static boolean all(JsonNode tool) {
        return tool.at("/input_schema/properties/action").isObject();
    }

    /** The verb that a tool is of a noun, where it is not all of them. */
    public static Optional<String> verb(String noun, String tool) {
        String name = tool.startsWith("hq_") ? tool.substring(3) : tool;
        String before = ToolArguments.underscored(noun) + "_";
        return name.startsWith(before) ? Optional.of(name.substring(before.length())) : Optional.empty();
    }
}
