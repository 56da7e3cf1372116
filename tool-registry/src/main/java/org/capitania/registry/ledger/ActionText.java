package org.capitania.registry.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.capitania.registry.secrets.Scrubber;

/**
 * What an act was about, in words: the tool, what it was given and why it did not work. What it answered stays out, since that is mostly
 * somebody else's, and so do secrets.
 */
@ApplicationScoped
class ActionText {
    /** About 500 tokens, which is what the design reckons with; the local model reads no more. */
    private static final int LONGEST = 2000;

    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final Scrubber scrubber;

    ActionText(Scrubber scrubber) {
        this.scrubber = scrubber;
    }

    /** Of an entry's body. */
    String of(JsonNode body) {
        List<String> words = new ArrayList<>();
        words.add(body.path("tool").asText().replace('_', ' '));
        add(body.path("input"), "", words);
        if (body.path("output").path("code").isTextual()) {
            words.add(body.path("status").asText() + " "
                    + body.path("output").path("code").asText().replace('_', ' '));
            words.add(body.path("output").path("message").asText());
        }
        String text = scrubber.clean(String.join(". ", words));
        if (text.length() <= LONGEST) {
            return text;
        }
        // No pair of halves is torn apart.
        return text.substring(0, Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST);
    }

    private static void add(JsonNode node, String name, List<String> words) {
        if (node.isContainerNode()) {
            if (node.isObject()) {
                node.properties().forEach(p -> add(p.getValue(), p.getKey().replace('_', ' '), words));
            } else {
                node.forEach(each -> add(each, name, words));
            }
        } else if (node.isTextual() && !ID.matcher(node.asText()).matches()) {
            words.add(name.isEmpty() ? node.asText() : name + " " + node.asText());
        }
    }
}
