package org.capitania.registry.risk;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code destructive.json}.
 *
 * @param chapter where the design says so
 * @param says what the owner reads beside the call
 */
record RiskLine(
        String id, String chapter, @JsonProperty("class") RiskClass risk, String says, When when) {
    /** Those of the file, each made once. */
    private static final Map<String, Pattern> COMPILED = new ConcurrentHashMap<>();

    /**
     * All of it must hold; what is absent holds.
     *
     * @param tools names; a star at the end stands for any rest, one at both ends for all around what is between
     * @param actions the tool's actions
     * @param reads whether it holds for calls that change nothing as well
     */
    record When(
            List<String> tools,
            @Nullable List<String> actions,
            @Nullable Boolean reads,
            @Nullable List<Argument> arguments,
            @Nullable List<FactTest> facts,
            @Nullable TextTest text) {}

    /**
     * What the arguments say under these JSON pointers, taken together.
     *
     * @param matches a regular expression that is found in the texts there, joined by blanks
     * @param countAtLeast how many values stand there
     * @param anyOf one of these values stands there
     * @param given something stands there at all, and be it empty
     */
    record Argument(
            List<String> at,
            @Nullable String matches,
            @Nullable Integer countAtLeast,
            @Nullable Set<String> anyOf,
            @Nullable Boolean given) {
        boolean holds(JsonNode arguments) {
            List<String> texts = new ArrayList<>();
            at.forEach(pointer -> collect(arguments.at(pointer), texts));
            return (countAtLeast == null || texts.size() >= countAtLeast)
                    && (anyOf == null || texts.stream().anyMatch(anyOf::contains))
                    && (given == null
                            || given
                                    == at.stream()
                                            .anyMatch(p -> !arguments.at(p).isMissingNode()))
                    && (matches == null
                            || compiled(matches)
                                    .matcher(String.join(" ", texts))
                                    .find());
        }

        private static void collect(JsonNode node, List<String> texts) {
            if (node.isContainerNode()) {
                node.forEach(child -> collect(child, texts));
            } else if (!node.isMissingNode() && !node.isNull()) {
                texts.add(node.asText());
            }
        }
    }

    /**
     * What is known beside the arguments.
     *
     * @param name a fact that {@link Facts} knows
     */
    record FactTest(
            String name,
            @Nullable Integer atLeast,
            @Nullable Set<String> anyOf) {
        boolean holds(Facts facts) {
            return (atLeast == null || facts.number(name) >= atLeast)
                    && (anyOf == null || facts.texts(name).stream().anyMatch(anyOf::contains));
        }
    }

    static Pattern compiled(String expression) {
        return COMPILED.computeIfAbsent(
                expression, text -> Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.DOTALL));
    }

    boolean reads() {
        return Boolean.TRUE.equals(when.reads());
    }

    /** Whether a call is one of these; facts are asked for last, since they may have to be fetched. */
    boolean holds(String tool, String action, JsonNode arguments, Facts facts) {
        return when.tools().stream().anyMatch(name -> named(name, tool))
                && (when.actions() == null || when.actions().contains(action))
                && (when.arguments() == null || when.arguments().stream().allMatch(test -> test.holds(arguments)))
                && (when.facts() == null || when.facts().stream().allMatch(test -> test.holds(facts)))
                && (when.text() == null || when.text().holds(facts));
    }

    private static boolean named(String pattern, String tool) {
        if (!pattern.endsWith("*")) {
            return pattern.equals(tool);
        }
        String named = pattern.substring(0, pattern.length() - 1);
        return named.startsWith("*") ? tool.contains(named.substring(1)) : tool.startsWith(named);
    }
}
