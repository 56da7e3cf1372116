package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What operator does by the clock: at night it reconciles records and puts gaps on the list of tasks, in the evening it takes over good examples. */
final class NightProcedure implements Procedure {
    private static final int MERGES = 10;
    private static final int GAPS = 5;
    private static final int EXAMPLES = 10;

    @Override
    public Outcome play(Play play) {
        return Text.or(play.subject(), play.field("name")).equals("operator_learning") ? learn(play) : reconcile(play);
    }

    private static Outcome reconcile(Play play) {
        List<String> did = new ArrayList<>();
        JsonNode found = play.look(
                        "Records that are there twice first, and edges that lead nowhere.",
                        "graph_reconcile",
                        Map.of("limit", MERGES))
                .orElse(MissingNode.getInstance());
        for (JsonNode pair : found.path("duplicates")) {
            String both =
                    pair.path("ref").asText() + " and " + pair.path("into").asText();
            switch (pair.path("state").asText()) {
                case "proposed" ->
                    did.add("The merge of " + both + " waits for the owner as proposal "
                            + pair.path("proposal_id").asText() + ".");
                case "unsure" -> did.add("Perhaps the same, and not proposed: " + both + ".");
                case "refused" ->
                    did.add("The merge of " + both + " was not proposed: "
                            + pair.path("problem").asText());
                default -> {
                    // It waits, was declined, or comes tomorrow.
                }
            }
        }
        List<String> wrong = new ArrayList<>();
        for (JsonNode edge : found.path("edges")) {
            if (edge.path("mended").asBoolean()) {
                did.add("Moved after a merge: " + edge.path("sentence").asText());
            } else {
                wrong.add(edge.path("sentence").asText());
            }
        }
        if (!wrong.isEmpty()) {
            did.add(judge(play, wrong));
        }
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

    /** What takes a judgement is one task, with what was seen. */
    private static String judge(Play play, List<String> wrong) {
        String title = "Mend edges that cannot be right";
        JsonNode open = play.look(
                        "Is there a task already?", "hq_task", Map.of("action", "list", "query", title, "limit", 5))
                .map(d -> d.path("items"))
                .orElse(MissingNode.getInstance());
        if (Text.each(open).stream().anyMatch(t -> t.path("title").asText().equals(title))) {
            return "\"" + title + "\" is on the list already.";
        }
        return play.tell(
                "This takes somebody who knows them.",
                "The task \"" + title + "\"",
                "hq_task",
                Map.of(
                        "action",
                        "create",
                        "title",
                        title,
                        "description",
                        Text.cut(String.join(" ", wrong), 4000)
                                + " It is done when each of them is ended or confirmed.",
                        "kind",
                        "ops"));
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
