package org.capitania.registry.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.event.FrozenCall.Rendering;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of a call that waits for a person: taken out of what is shown of it, named by their kind and length, and put back where an edit left
 * the mark that stands for them. What is carried out has them.
 */
@Singleton
public class HiddenSecrets {
    private static final Pattern MARK = Pattern.compile(Pattern.quote(Scrubber.INSTEAD));
    private static final Pattern LINE_END = Pattern.compile("\\R|\\\\[rn]");
    private static final String CUT = "…";
    private static final String KEY_BEGINS = "-----BEGIN";
    private static final Pattern KEY_ENDS = Pattern.compile("-----(?:BEGIN|END) [A-Z ]*-----");
    private static final int SHORTEST_KEY_LINE = 24;
    /** Shorter pieces of a secret stand in ordinary texts as well. */
    private static final int SHORTEST_PIECE = 8;
    /** What was in a file before is not what a call carries. */
    private static final String BEFORE = "before_content";

    private static final Map<String, String> KINDS = kinds();

    private final Scrubber scrubber;

    HiddenSecrets(Scrubber scrubber) {
        this.scrubber = scrubber;
    }

    private static Map<String, String> kinds() {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put(KEY_BEGINS, "a private key");
        kinds.put("\"d\"", "a private key");
        kinds.put("eyJ", "a signed token");
        kinds.put("sk-", "a key of a provider");
        kinds.put("AKIA", "a key of AWS");
        kinds.put("ASIA", "a key of AWS");
        kinds.put("gh", "a token of GitHub");
        kinds.put("github_pat_", "a token of GitHub");
        kinds.put("glpat-", "a token of GitLab");
        kinds.put("xox", "a token of Slack");
        kinds.put("AIza", "a key of Google");
        return kinds;
    }

    /** What a person may be shown of arguments; themselves when they hold no secret. */
    public JsonNode shown(JsonNode arguments) {
        return scrubber.clean(arguments);
    }

    /** What a person may be shown of a call, and a warning when something of it is not. */
    public Rendering shown(Rendering rendering, JsonNode arguments, JsonNode effect) {
        Set<String> carried = new LinkedHashSet<>();
        collect(arguments, carried);
        Set<String> all = new LinkedHashSet<>();
        effect.properties().forEach(p -> collect(p.getValue(), p.getKey().equals(BEFORE) ? all : carried));
        all.addAll(carried);
        if (all.isEmpty() && scrubber.clean(Json.tree(rendering)).equals(Json.tree(rendering))) {
            return rendering;
        }
        UnaryOperator<String> hidden = text -> hide(text, all);
        List<String> warnings = new ArrayList<>();
        if (!carried.isEmpty()) {
            warnings.add("It carries what is shown to nobody here: "
                    + carried.stream().map(this::kind).collect(Collectors.joining(", ")) + ". Where " + Scrubber.INSTEAD
                    + " stands, what is done has it; the owner sees it with hq proposal show ID --secrets");
        }
        rendering.warnings().stream().map(hidden).forEach(warnings::add);
        return new Rendering(
                hidden.apply(rendering.summary()),
                rendering.recipients().stream().map(hidden).toList(),
                optional(rendering.subject(), hidden),
                optional(rendering.body(), hidden),
                hidden.apply(rendering.markdown()),
                List.copyOf(warnings));
    }

    private static @Nullable String optional(@Nullable String text, UnaryOperator<String> hidden) {
        return text == null ? null : hidden.apply(text);
    }

    /** Without the secrets, and without their lines: a difference shows them one by one. */
    private String hide(String text, Set<String> secrets) {
        String shown = scrubber.clean(text);
        for (String secret : secrets) {
            List<String> pieces = LINE_END.splitAsStream(secret)
                    .map(String::strip)
                    .filter(piece -> piece.length() >= SHORTEST_PIECE)
                    .toList();
            for (String piece : pieces) {
                shown = withoutBeginning(shown.replace(piece, Scrubber.INSTEAD), piece);
            }
        }
        return shown;
    }

    /** Without what is left of it where a line was cut short. */
    private static String withoutBeginning(String text, String secret) {
        int longest = text.contains(CUT) ? secret.length() - 1 : 0;
        for (int length = longest; length >= SHORTEST_PIECE; length--) {
            String left = secret.substring(0, length) + CUT;
            if (text.contains(left)) {
                return text.replace(left, Scrubber.INSTEAD + CUT);
            }
        }
        return text;
    }

    private String kind(String secret) {
        String kind = scrubber.knows(secret)
                ? "a secret of this installation"
                : KINDS.entrySet().stream()
                        .filter(known -> secret.startsWith(known.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("a password");
        return kind + (hasWords(secret) ? ", with other words in it" : "") + " (" + secret.length() + " characters)";
    }

    /** Whether what begins like a key goes on as no key does: whoever decides must not take a text for one. */
    private static boolean hasWords(String secret) {
        List<String> lines = LINE_END.splitAsStream(KEY_ENDS.matcher(secret).replaceAll("\n"))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return secret.startsWith(KEY_BEGINS)
                && IntStream.range(0, lines.size())
                        .anyMatch(i -> lines.get(i).contains(" ")
                                || (i < lines.size() - 1 && lines.get(i).length() < SHORTEST_KEY_LINE));
    }

    private void collect(JsonNode node, Set<String> found) {
        node.properties().forEach(property -> collect(property.getKey(), found));
        node.forEach(child -> collect(child, found));
        if (node.isTextual()) {
            collect(node.asText(), found);
        }
    }

    private void collect(String text, Set<String> found) {
        String shown = scrubber.clean(text);
        if (!shown.equals(text)) {
            removed(text, shown).orElseGet(() -> List.of(text)).stream()
                    .filter(secret -> !secret.isEmpty() && !secret.equals(Scrubber.INSTEAD))
                    .forEach(found::add);
        }
    }

    /**
     * What a person means who edited arguments as they were shown: what is still as it was shown is what it was, and each mark in a text is what
     * it stood for. Marks of which that cannot be told are refused.
     */
    public JsonNode putBack(JsonNode exact, JsonNode edited) {
        JsonNode shown = scrubber.clean(exact);
        if (shown.equals(exact)) {
            // A mark that was no mark of ours is a word; a new one may stand for what was secret somewhere else.
            return MARK.matcher(exact.toString()).find() ? edited : requireNone(edited);
        }
        if (shown.equals(edited)) {
            return exact;
        }
        if (exact.isTextual() && edited.isTextual()) {
            return TextNode.valueOf(putBack(exact.asText(), shown.asText(), edited.asText()));
        }
        if (exact instanceof ObjectNode was && edited instanceof ObjectNode is) {
            return putBack(was, is);
        }
        if (exact.isArray() && edited.isArray() && exact.size() == edited.size()) {
            ArrayNode array = Json.MAPPER.createArrayNode();
            for (int i = 0; i < exact.size(); i++) {
                array.add(putBack(exact.path(i), edited.path(i)));
            }
            return array;
        }
        return requireNone(edited);
    }

    private ObjectNode putBack(ObjectNode exact, ObjectNode edited) {
        ObjectNode object = Json.MAPPER.createObjectNode();
        edited.properties().forEach(property -> {
            String name = property.getKey();
            List<String> meant = exact.has(name)
                    ? List.of(name)
                    : Stream.of(name)
                            .filter(MARK.asPredicate())
                            .flatMap(marked -> exact.properties().stream()
                                    .map(Map.Entry::getKey)
                                    .filter(key -> scrubber.clean(key).equals(marked)))
                            .toList();
            if (meant.size() == 1) {
                object.set(meant.getFirst(), putBack(exact.path(meant.getFirst()), property.getValue()));
            } else {
                object.set(requireNone(TextNode.valueOf(name)).asText(), requireNone(property.getValue()));
            }
        });
        return object;
    }

    private static String putBack(String exact, String shown, String edited) {
        List<String> kept = List.of(MARK.split(edited, -1));
        if (kept.size() == 1) {
            return edited;
        }
        List<String> removed = removed(exact, shown)
                .filter(found -> found.size() == kept.size() - 1)
                .orElseThrow(HiddenSecrets::unclear);
        StringBuilder whole = new StringBuilder(kept.getFirst());
        for (int i = 0; i < removed.size(); i++) {
            whole.append(removed.get(i)).append(kept.get(i + 1));
        }
        return whole.toString();
    }

    /** What stood where the marks are, in their order; empty when that cannot be told apart. */
    private static Optional<List<String>> removed(String exact, String shown) {
        String[] kept = MARK.split(shown, -1);
        if (!exact.startsWith(kept[0])) {
            return Optional.empty();
        }
        List<String> removed = new ArrayList<>();
        int from = kept[0].length();
        for (int i = 1; i < kept.length; i++) {
            int to = i == kept.length - 1 ? exact.length() - kept[i].length() : exact.indexOf(kept[i], from);
            if (to < from || !exact.startsWith(kept[i], to)) {
                return Optional.empty();
            }
            removed.add(exact.substring(from, to));
            from = to + kept[i].length();
        }
        return Optional.of(removed);
    }

    private static JsonNode requireNone(JsonNode edited) {
        if (MARK.matcher(edited.toString()).find()) {
            throw unclear();
        }
        return edited;
    }

    private static CapitaniaException unclear() {
        return new CapitaniaException(
                        ErrorCode.SCHEMA_VIOLATION,
                        "which secret " + Scrubber.INSTEAD + " stands for cannot be told any more")
                .withHint("leave every mark of a text where it is, or write the text anew without any");
    }
}
