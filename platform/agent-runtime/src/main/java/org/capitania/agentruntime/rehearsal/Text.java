package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Small things of text that several procedures need. */
final class Text {
    private static final int LONGEST_FILE_NAME = 60;

    private Text() {}

    /** The first of these fields that holds a text or a number. */
    static String first(JsonNode data, String... names) {
        for (String name : names) {
            String value = data.path(name).asText("").strip();
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    /** The text, or another where it is blank. */
    static String or(String text, String otherwise) {
        return text.isBlank() ? otherwise : text;
    }

    /** At most so many characters, on one line. */
    static String cut(String text, int most) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= most ? line : line.substring(0, most - 1).strip() + "…";
    }

    /** For a file's name: lower case letters, digits and dashes; what it is called where nothing is left. */
    static String fileName(String text, String otherwise) {
        String plain = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+|-+$", "");
        String cut = plain.length() <= LONGEST_FILE_NAME ? plain : plain.substring(0, LONGEST_FILE_NAME);
        return cut.isEmpty() ? otherwise : cut;
    }

    /** What a node is called by people. */
    static String name(JsonNode node, String otherwise) {
        return or(first(node, "title", "name"), or(first(node.path("props"), "name", "title"), otherwise));
    }

    /** A slug as a name, where nothing better is known: {@code entity:cafe-aurora} as Cafe Aurora. */
    static String spoken(String slug) {
        StringBuilder out = new StringBuilder();
        for (String word : slug.substring(slug.indexOf(':') + 1).split("[-_]")) {
            if (!word.isEmpty()) {
                out.append(out.isEmpty() ? "" : " ")
                        .append(Character.toUpperCase(word.charAt(0)))
                        .append(word.substring(1));
            }
        }
        return out.toString();
    }

    /** The day of a time stamp; what there is of it where it is none. */
    static String day(String at) {
        return at.substring(0, Math.min(10, at.length())).replaceAll("[^0-9-]", "");
    }

    /** The elements of an array, as a list. */
    static List<JsonNode> each(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all;
    }

    /** The title and day of the newest entries of a time line, one to a line. */
    static String lines(Optional<JsonNode> timeline, int most) {
        StringBuilder out = new StringBuilder();
        for (JsonNode item : each(timeline.map(t -> t.path("items")).orElse(MissingNode.getInstance()))) {
            String title = first(item, "title");
            if (!title.isEmpty() && most-- > 0) {
                String at = first(item, "at");
                out.append("- ")
                        .append(at.length() >= 10 ? day(at) + ": " : "")
                        .append(cut(title, 160))
                        .append('\n');
            }
        }
        return out.toString();
    }
}
