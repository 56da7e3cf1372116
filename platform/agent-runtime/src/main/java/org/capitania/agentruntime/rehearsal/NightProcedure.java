package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What operator does by the clock: at night it reconciles records and puts gaps on the list of tasks, in the evening it takes over good
 * examples. What the owner answers about records is done when the answer comes.
 */
final class NightProcedure implements Procedure {
    private static final int MERGES = 10;
    private static final int GAPS = 5;
    private static final int EXAMPLES = 10;

    @Override
    public Outcome play(Play play) {
        if (!play.field("review_id").isEmpty()) {
            return answered(play);
        }
        return Text.or(play.subject(), play.field("name")).equals("operator_learning") ? learn(play) : reconcile(play);
    }

    private static Outcome reconcile(Play play) {
        List<String> did = new ArrayList<>();
        JsonNode found = play.look(
                        "Records that are there twice first, and edges that lead nowhere.",
                        "graph_reconcile",
                        Map.of("limit", MERGES))
                .orElse(MissingNode.getInstance());
        List<JsonNode> pairs = Text.each(found.path("duplicates"));
        List<Map<String, Object>> verdicts = pairs.stream()
                .filter(pair -> pair.path("state").asText().equals("judge"))
                .map(NightProcedure::compare)
                .toList();
        if (!verdicts.isEmpty()) {
            play.look(
                            "These no rule settles, so I have compared them.",
                            "graph_reconcile",
                            Map.of("limit", MERGES, "verdicts", verdicts))
                    .ifPresent(judged -> pairs.addAll(Text.each(judged.path("duplicates"))));
        }
        tell(pairs, found, did);
        for (JsonNode conflict : found.path("write_conflicts")) {
            did.add("Two tasks changed \""
                    + Text.or(
                            conflict.path("title").asText(""),
                            conflict.path("target").asText())
                    + "\" within the hour: " + String.join(", ", texts(conflict.path("calls")))
                    + ". Nothing is undone; it is in the figures for the brief.");
        }
        JsonNode gaps = play.look(
                        "Now what is missing: one task a gap.", "hq_gap", Map.of("action", "triage", "limit", GAPS))
                .orElse(MissingNode.getInstance());
        gaps.path("items")
                .forEach(gap -> did.add("On the list as " + gap.path("slug").asText() + ": "
                        + gap.path("title").asText()));
        if (gaps.path("closed").asInt() > 0) {
            did.add(gaps.path("closed").asInt() + " tasks are done, since their gaps are gone.");
        }
        if (gaps.path("left").asInt() > 0) {
            did.add(gaps.path("left").asInt() + " lesser gaps are left for another night.");
        }
        if (did.isEmpty()) {
            did.add("The night found nothing to put on the list.");
        }
        return new Outcome(String.join("\n", did), "night reconciliation");
    }

    private static Outcome answered(Play play) {
        JsonNode found = play.look(
                        "The owner has answered, so it is done now.",
                        "graph_reconcile",
                        Map.of("refs", List.of(play.field("subject"))))
                .orElse(MissingNode.getInstance());
        List<String> did = new ArrayList<>();
        tell(Text.each(found.path("duplicates")), found, did);
        if (did.isEmpty()) {
            did.add("The answer left nothing to do.");
        }
        return new Outcome(String.join("\n", did), "answer about records");
    }

    /** What became of pairs, and of the edges that were found. */
    private static void tell(List<JsonNode> pairs, JsonNode found, List<String> did) {
        for (JsonNode pair : pairs) {
            String both =
                    pair.path("ref").asText() + " and " + pair.path("into").asText();
            switch (pair.path("state").asText()) {
                case "proposed" ->
                    did.add("The merge of " + both + " waits for the owner as proposal "
                            + pair.path("proposal_id").asText() + ".");
                case "asked" -> did.add("Perhaps the same, and the owner is asked: " + both + ".");
                case "refused" ->
                    did.add("The merge of " + both + " was not proposed: "
                            + pair.path("problem").asText());
                default -> {
                    // It waits, was declined, comes tomorrow, or is compared first.
                }
            }
        }
        for (JsonNode edge : found.path("edges")) {
            String became = edge.path("mended").asBoolean()
                    ? "Mended: "
                    : edge.path("asked").asBoolean()
                            ? "Cannot be right, and the owner is asked: "
                            : "Cannot be right, and left for another night: ";
            did.add(became + edge.path("sentence").asText());
        }
    }

    /** Two records that say the same beside their names are one, two that contradict each other are not; else nobody can tell. */
    private static Map<String, Object> compare(JsonNode pair) {
        JsonNode one = pair.at("/records/0");
        JsonNode other = pair.at("/records/1");
        List<String> both = new ArrayList<>();
        one.fieldNames().forEachRemaining(name -> {
            if (other.has(name) && !name.equals("name")) {
                both.add(name);
            }
        });
        List<String> equal = both.stream()
                .filter(name -> one.path(name).equals(other.path(name)))
                .toList();
        boolean different = !both.isEmpty() && equal.isEmpty();
        boolean same = !both.isEmpty() && equal.size() == both.size();
        return Map.of(
                "ref",
                pair.path("ref").asText(),
                "into",
                pair.path("into").asText(),
                "verdict",
                same ? "same" : different ? "different" : "unsure",
                "confidence",
                same || different ? 0.95 : 0.5,
                "why",
                "Of " + both.size() + " things that both say, " + equal.size() + " are the same.");
    }

    private static List<String> texts(JsonNode array) {
        return Text.each(array).stream().map(JsonNode::asText).toList();
    }

    private static Outcome learn(Play play) {
        List<JsonNode> candidates = Text.each(play.look(
                        "What was written today that is worth keeping?",
                        "hq_examples_find",
                        Map.of("status", "candidate", "limit", 20))
                .map(d -> d.path("items"))
                .orElse(MissingNode.getInstance()));
        List<String> did = new ArrayList<>();
        candidates.stream()
                .filter(c -> c.path("grade").asText().equals("good")
                        || c.path("owner_pinned").asBoolean())
                .limit(EXAMPLES)
                .forEach(c -> did.add(play.tell(
                        "The owner found it good, so it becomes an example.",
                        "The example \"" + Text.name(c, "without a title") + "\"",
                        "hq_examples_promote",
                        Map.of("ref", Text.first(c, "slug", "id"), "status", "active"))));
        String taken = Language.ENGLISH.count(did.size(), "example", "examples", "", "");
        int left = candidates.size() - did.size();
        did.add(Language.ENGLISH.count(left, "candidate stays as it is.", "candidates stay as they are.", "", ""));
        return new Outcome(String.join("\n", did), "learning loop: " + taken + " taken over");
    }
}
