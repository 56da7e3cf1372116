package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What operator does by the clock: at night the gaps become tasks, in the evening good examples are taken over. */
final class NightProcedure implements Procedure {
    private static final List<String> WORST_FIRST = List.of("blocker", "impactful", "nice");
    private static final int GAPS = 3;
    private static final int EXAMPLES = 10;

    @Override
    public Outcome play(Play play) {
        return Text.or(play.subject(), play.field("name")).equals("operator_learning") ? learn(play) : reconcile(play);
    }

    private static Outcome reconcile(Play play) {
        List<String> did = new ArrayList<>();
        Map<String, Object> since = Map.of("type", "entity");
        if (play.can("graph_reconcile", since)) {
            did.add(play.tell("Duplicates first.", "Looking for duplicates", "graph_reconcile", since));
        }
        List<JsonNode> gaps =
                new ArrayList<>(Text.each(play.look("What is late or missing?", "hq_gap", Map.of("action", "list"))
                        .map(d -> d.path("items"))
                        .orElse(MissingNode.getInstance())));
        gaps.removeIf(g -> g.path("count").asInt() == 0);
        gaps.sort(Comparator.comparingInt(NightProcedure::rank));
        for (JsonNode gap : gaps.subList(0, Math.min(GAPS, gaps.size()))) {
            did.add(gap(play, gap));
        }
        if (did.isEmpty()) {
            did.add("The night found nothing to put on the list.");
        }
        return new Outcome(String.join("\n", did), "night reconciliation");
    }

    /** Unknown severities come last. */
    private static int rank(JsonNode gap) {
        int rank = WORST_FIRST.indexOf(gap.path("worst_severity").asText());
        return rank < 0 ? WORST_FIRST.size() : rank;
    }

    private static String gap(Play play, JsonNode gap) {
        String name = gap.path("name").asText();
        JsonNode worst = play.look("Is it still so?", "hq_gap", Map.of("action", "show", "name", name, "limit", 3))
                .map(d -> d.path("items"))
                .orElse(MissingNode.getInstance());
        if (worst.isEmpty()) {
            return "The list " + name.replace('_', ' ') + " has healed by itself.";
        }
        String sentence = Text.or(Text.first(worst.path(0), "title"), Text.first(gap, "description"));
        Language l = Language.of(sentence);
        String title = l.say("Work through: ", "Tratar de: ") + Text.cut(name.replace('_', ' '), 150);
        JsonNode open = play.look(
                        "Is there a task already?",
                        "hq_task",
                        Map.of("action", "list", "query", Text.cut(name.replace('_', ' '), 200), "limit", 5))
                .map(d -> d.path("items"))
                .orElse(MissingNode.getInstance());
        if (Text.each(open).stream().anyMatch(t -> t.path("title").asText().equals(title))) {
            return "\"" + title + "\" is on the list already.";
        }
        return play.tell(
                "One task a gap.",
                "The task \"" + title + "\"",
                "hq_task",
                Map.of(
                        "action",
                        "create",
                        "title",
                        title,
                        "description",
                        l.say("On this list: ", "Nesta lista: ")
                                + l.count(gap.path("count").asInt(), "case", "cases", "caso", "casos")
                                + l.say(
                                        ". The worst is: \"" + sentence + "\" It is done when the list is empty.",
                                        ". O mais grave é: «" + sentence
                                                + "» Fica concluído quando a lista estiver vazia."),
                        "kind",
                        "ops"));
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
