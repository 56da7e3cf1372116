package org.capitania.registry.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.capitania.contract.Fence;
import org.capitania.contract.Json;

/** Texts as the header shows them: nothing in them can look like a heading of ours, a mark or a sentinel. */
final class Plain {
    private static final Pattern HEADING = Pattern.compile("^[\\s>]*#+\\s*");
    private static final Pattern RULE = Pattern.compile("[\\s>]*[-=_*][-=_*\\s]*");

    private Plain() {}

    /** Our own words in one line. */
    static String line(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return HEADING.matcher(line).replaceFirst("").replace('<', '‹').replace('>', '›');
    }

    /** Our own words with their lines: headings, rules and fences are taken out of them. */
    static String lines(String text, int longest) {
        String plain = text.lines()
                .map(line -> HEADING.matcher(line).replaceFirst(""))
                .filter(line -> !RULE.matcher(line).matches())
                .map(line -> line.replace("```", "").replace("~~~", ""))
                .collect(Collectors.joining("\n"))
                .strip();
        return cut(plain, longest).replace('<', '‹').replace('>', '›');
    }

    /** What derives from outside, between marks. */
    static String fenced(String id, String type, String text, int longest) {
        JsonNode content = Json.MAPPER.createObjectNode().put("text", cut(text, longest));
        return Fence.around("header:" + id, content, "type", type, "outside", "true");
    }

    /** At most so many characters of it, the last one a mark where it was longer; no pair that stands for one is torn apart. */
    static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Math.max(0, longest - 1);
        return text.substring(0, end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
