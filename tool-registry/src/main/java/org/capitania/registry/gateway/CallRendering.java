package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.event.FrozenCall.Rendering;
import org.capitania.registry.freezing.VisibleText;
import org.capitania.registry.handler.Draft.SeenFact;
import org.jspecify.annotations.Nullable;

/**
 * A plain tool's call as a person reads it: which record it is about, and each value it brings, whole, beside what stands there now. What a value
 * holds cannot pass for a line of ours: its own lines stand behind a bar.
 */
final class CallRendering {
    private static final String REF = "ref";
    private static final String PROPS = "props";
    private static final String BAR = "    │ ";
    private static final String NOTHING = "nothing";
    private static final String LONG = "a long text";

    /** What stands in a fact for what is too long to be kept. */
    private static final Pattern DIGEST = Pattern.compile("SHA-256 [0-9a-f]{64}");

    /** The name of an outside server's tool here, with what may have been added to it so that it is one of its own. */
    private static final Pattern OUTSIDE = Pattern.compile("(?<server>.+?)__(?<tool>.+?)(_[0-9a-f]{8})?");

    private static final int LONGEST_TITLE = 120;

    private final String tool;
    private final String verb;
    private final JsonNode arguments;
    private final @Nullable SeenFact record;

    /**
     * A rendering.
     *
     * @param verb the tool's own name where it has no actions
     * @param record what {@code ref} names, as it is now; null where it names nothing
     */
    CallRendering(String tool, String verb, JsonNode arguments, @Nullable SeenFact record) {
        this.tool = tool;
        this.verb = verb;
        this.arguments = arguments;
        this.record = record;
    }

    Rendering render() {
        String title = VisibleText.of(title()).shown();
        VisibleText body = VisibleText.of(body());
        String fence = VisibleText.fence(body.shown());
        return new Rendering(
                title,
                List.of(),
                null,
                body.shown(),
                "**" + title + "**\n\n" + fence + "text\n" + body.shown() + "\n" + fence + "\n",
                body.warnings());
    }

    private String title() {
        String what = what();
        String target =
                record == null || record.title() == null ? arguments.path(REF).asText("") : record.title();
        String line = target.replaceAll("\\s+", " ").strip();
        return line.isEmpty() ? what : what + " " + cut(line);
    }

    /** As in "Update entity", or "Get sum, at the outside server drive"; a tool that does one thing has its name for it. */
    private String what() {
        Matcher outside = OUTSIDE.matcher(tool);
        if (outside.matches()) {
            return words(outside.group("tool")) + ", at the outside server " + outside.group("server");
        }
        return verb.equals(tool)
                ? tool
                : words(verb) + " " + tool.replaceFirst("^hq_", "").replace('_', ' ');
    }

    private static String words(String name) {
        String words = name.replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private static String cut(String line) {
        return line.codePointCount(0, line.length()) <= LONGEST_TITLE
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LONGEST_TITLE)) + "…";
    }

    private String body() {
        List<String> lines = new ArrayList<>();
        if (record != null) {
            lines.add(record.type() + ": " + oneLine(String.valueOf(record.title())) + ", version " + record.version());
        }
        JsonNode props = arguments.path(PROPS);
        for (String name : names(arguments)) {
            if (name.equals("action") && arguments.path(name).asText().equals(verb)) {
                continue;
            }
            if (name.equals(PROPS) && props.isObject()) {
                names(props).forEach(prop -> lines.add(oneLine(prop) + ": " + change(prop, props.path(prop))));
            } else {
                JsonNode value = arguments.path(name);
                boolean stands = record != null && record.seen().has(name);
                lines.add(oneLine(name) + ": " + (stands ? change(name, value) : value(value)));
            }
        }
        return String.join("\n", lines);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new LinkedHashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private String change(String prop, JsonNode value) {
        if (record == null) {
            return value(value);
        }
        JsonNode now = record.seen().path(prop);
        String before = now.isMissingNode() || now.isNull()
                ? NOTHING
                : DIGEST.matcher(now.asText()).matches() ? LONG : value(now);
        return before.contains("\n")
                ? "now" + before + "\n  becomes" + behindBar(text(value))
                : before + "  →  " + value(value);
    }

    private static String value(JsonNode value) {
        String text = text(value);
        return text.contains("\n") ? behindBar(text) : text;
    }

    private static String behindBar(String text) {
        return "\n" + BAR + text.replace("\n", "\n" + BAR);
    }

    private static String text(JsonNode value) {
        if (value.isNull()) {
            return NOTHING;
        }
        if (value.isTextual()) {
            return value.textValue().replaceAll("\\R", "\n");
        }
        return value.isContainerNode() && !value.isEmpty() ? value.toPrettyString() : value.toString();
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
