package org.capitania.cli.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.capitania.cli.text.Fields;

/** The tools that a noun and a verb may stand for: hq task list, hq email send, hq examples find, hq event create, hq action list. */
public final class ToolNames {
    private static final List<String> TO_LOG = List.of("create", "list");

    private ToolNames() {}

    /** The tool that a noun and a verb mean. */
    public static Optional<JsonNode> find(List<JsonNode> tools, String noun, String verb) {
        String word = ToolArguments.underscored(noun);
        String deed = ToolArguments.underscored(verb);
        return List.of(
                        whole(noun),
                        word + "_" + deed,
                        whole(noun) + "_" + deed,
                        whole(noun) + (TO_LOG.contains(deed) ? "_log" : "_"))
                .stream()
                .flatMap(name ->
                        tools.stream().filter(tool -> Fields.text(tool, "name").equals(name)))
                .findFirst();
    }

    /** The tool that has all verbs of a noun. */
    public static String whole(String noun) {
        return "hq_" + ToolArguments.underscored(noun);
    }

    /** The verb that a tool is of a noun, where it is not all of them. */
    public static Optional<String> verb(String noun, String tool) {
        String name = tool.startsWith("hq_") ? tool.substring(3) : tool;
        String before = ToolArguments.underscored(noun) + "_";
        return name.startsWith(before) ? Optional.of(name.substring(before.length())) : Optional.empty();
    }
}
