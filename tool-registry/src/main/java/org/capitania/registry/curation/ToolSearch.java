package org.capitania.registry.curation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.catalogue.Verb;

/** Finds the tools whose words fit best what somebody wants to do: BM25 over names, descriptions, actions and arguments. */
public final class ToolSearch {
    /** As many as a provider's own search answers at most. */
    static final int FOUND = 5;

    private static final double SATURATION = 1.2;
    private static final double LENGTH = 0.75;
    /** A word of the name says more than one of the description. */
    private static final int NAME = 3;

    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final List<String> ENDINGS = List.of("ing", "ed", "es", "s");

    private ToolSearch() {}

    private record Scored(ToolDefinition tool, double score) {}

    /** The best first; none whose words have nothing to do with the query. */
    public static List<ToolDefinition> best(Collection<ToolDefinition> tools, String query) {
        Map<ToolDefinition, Map<String, Integer>> counts = new HashMap<>();
        tools.forEach(tool -> counts.put(tool, counts(tool)));
        Map<String, Double> weights = new HashMap<>();
        words(query).forEach(word -> weights.put(word, rarity(word, counts.values())));
        double usual =
                counts.values().stream().mapToInt(ToolSearch::length).average().orElse(1);
        return tools.stream()
                .map(tool -> new Scored(tool, score(counts.getOrDefault(tool, Map.of()), weights, usual)))
                .filter(scored -> scored.score() > 0)
                .sorted(Comparator.comparing(Scored::score)
                        .reversed()
                        .thenComparing(scored -> scored.tool().name()))
                .limit(FOUND)
                .map(Scored::tool)
                .toList();
    }

    private static double score(Map<String, Integer> counts, Map<String, Double> weights, double usual) {
        double score = 0;
        for (Map.Entry<String, Double> weight : weights.entrySet()) {
            double count = counts.getOrDefault(weight.getKey(), 0);
            double norm = SATURATION * (1 - LENGTH + LENGTH * length(counts) / usual);
            score += weight.getValue() * count * (SATURATION + 1) / (count + norm);
        }
        return score;
    }

    private static double rarity(String word, Collection<Map<String, Integer>> all) {
        long having = all.stream().filter(counts -> counts.containsKey(word)).count();
        return Math.log(1 + (all.size() - having + 0.5) / (having + 0.5));
    }

    private static int length(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static Map<String, Integer> counts(ToolDefinition tool) {
        Map<String, Integer> counts = new HashMap<>();
        words(tool.name()).forEach(word -> counts.merge(word, NAME, Integer::sum));
        List<String> texts = new ArrayList<>(List.of(tool.description()));
        for (Verb verb : tool.verbs()) {
            texts.add(verb.name());
            texts.add(verb.description());
        }
        for (Map.Entry<String, JsonNode> argument :
                tool.inputSchema().path("properties").properties()) {
            texts.add(argument.getKey());
            texts.add(argument.getValue().path("description").asText());
        }
        texts.forEach(text -> words(text).forEach(word -> counts.merge(word, 1, Integer::sum)));
        return counts;
    }

    /** In lower case and without the endings of English, so that mails are found by mail. */
    private static List<String> words(String text) {
        return BETWEEN.splitAsStream(text.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isBlank())
                .map(ToolSearch::stem)
                .toList();
    }

    private static String stem(String word) {
        return ENDINGS.stream()
                .filter(ending -> word.endsWith(ending) && word.length() - ending.length() >= 3)
                .findFirst()
                .map(ending -> word.substring(0, word.length() - ending.length()))
                .orElse(word);
    }
}
