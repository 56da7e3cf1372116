package org.capitania.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Shows outside content to a model between marks that the content cannot forge: they carry a word which no sender can know. */
public final class Fence {
    private Fence() {}

    /**
     * Content between its marks, always the same for the same word.
     *
     * @param word what the marks are made of: an id that the content's author has never seen
     * @param attributes name and value in turns
     */
    public static String around(String word, JsonNode content, String... attributes) {
        String mark = "untrusted-"
                + UUID.nameUUIDFromBytes(word.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .substring(0, 8);
        StringBuilder out = new StringBuilder("<" + mark);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            out.append(attributes[i + 1].replaceAll("[^A-Za-z0-9_.:@ -]", "?")).append('"');
        }
        return out.append(">\n")
                .append(json(content))
                .append("\n</" + mark + ">")
                .toString();
    }

    /** JSON in one line in which no angle bracket is left, so that nothing inside can look like a mark or a sentinel. */
    public static String json(JsonNode node) {
        return node.toString().replace("<", "\\u003c").replace(">", "\\u003e");
    }
}
