package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Which language a node's text is in, for its full text: what it says itself, else what its commonest words say. */
final class Languages {
    private static final List<String> TEXTS = List.of(
            "body_text",
            "body_md",
            "text",
            "description_md",
            "summary",
            "notes_md",
            "subject",
            "title",
            "goal",
            "question_text");
    private static final Set<String> PORTUGUESE = new HashSet<>(List.of(
            "o",
            "os",
            "as",
            "de",
            "da",
            "do",
            "das",
            "dos",
            "e",
            "em",
            "um",
            "uma",
            "para",
            "com",
            "que",
            "não",
            "nao",
            "na",
            "no",
            "por",
            "se",
            "olá",
            "ola",
            "obrigado",
            "obrigada",
            "é",
            "ao",
            "mais",
            "como",
            "bom",
            "dia",
            "cumprimentos",
            "está",
            "são"));
    private static final Set<String> ENGLISH = new HashSet<>(List.of(
            "the", "of", "and", "to", "in", "is", "for", "with", "that", "on", "you", "your", "we", "our", "it", "are",
            "be", "this", "have", "hello", "thanks", "regards", "please", "can", "from", "at", "will", "would"));

    /** No common word is longer. */
    private static final int LONGEST = Stream.concat(PORTUGUESE.stream(), ENGLISH.stream())
            .mapToInt(String::length)
            .max()
            .orElseThrow();

    private Languages() {}

    static String of(ObjectNode props) {
        String said = props.path("language").asText().toLowerCase(Locale.ROOT);
        if (said.startsWith("pt")) {
            return "pt";
        }
        if (said.startsWith("en")) {
            return "en";
        }
        int portuguese = 0;
        int english = 0;
        for (String name : TEXTS) {
            JsonNode value = props.get(name);
            if (value == null || !value.isTextual()) {
                continue;
            }
            String text = value.textValue();
            String head = text.substring(0, Math.min(2000, text.length())).toLowerCase(Locale.ROOT);
            // By hand: every text that is written comes this way, and a pattern takes ten times as long.
            for (int begin = 0; begin < head.length(); ) {
                int end = begin;
                while (end < head.length() && Character.isLetter(head.codePointAt(end))) {
                    end += Character.charCount(head.codePointAt(end));
                }
                if (end > begin && end - begin <= LONGEST) {
                    String word = head.substring(begin, end);
                    portuguese += PORTUGUESE.contains(word) ? 1 : 0;
                    english += ENGLISH.contains(word) ? 1 : 0;
                }
                begin = end + 1;
            }
        }
        if (Math.max(portuguese, english) < 2 || portuguese == english) {
            return "simple";
        }
        return portuguese > english ? "pt" : "en";
    }
}
