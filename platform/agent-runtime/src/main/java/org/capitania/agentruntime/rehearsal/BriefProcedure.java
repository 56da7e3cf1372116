package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The owner's brief in the morning: what waits for a decision, what is late, how the deals stand. A heading without news is left out. */
final class BriefProcedure implements Procedure {
    private static final int LINES = 8;

    @Override
    public Outcome play(Play play) {
        JsonNode waiting = items(
                play.look("What waits for the owner?", "hq_proposal", Map.of("action", "list", "status", "pending")));
        JsonNode gaps = items(play.look("What is late or missing?", "hq_gap", Map.of("action", "list")));
        JsonNode stages = play.look("How do the deals stand?", "pipeline_view", Map.of("limit", 3))
                .map(d -> d.path("stages"))
                .orElse(MissingNode.getInstance());
        Language l = language(play);
        String day = Text.day(play.field("due_at"));
        StringBuilder page = new StringBuilder("# " + l.say("Brief of ", "Resumo de ") + day + "\n");
        section(page, l.say("What waits for you", "O que espera por si"), waiting.size(), waitingLines(l, waiting));
        section(
                page,
                l.say("What is late or missing", "O que está atrasado ou em falta"),
                gaps.size(),
                gapLines(l, gaps));
        section(page, l.say("Deals", "Negócios"), stages.size(), stageLines(l, stages));
        if (waiting.isEmpty() && gaps.isEmpty() && stages.isEmpty()) {
            page.append('\n')
                    .append(l.say("Nothing needs you today.", "Hoje nada precisa de si."))
                    .append('\n');
        }
        String path = "outputs/briefs/" + Text.fileName("morning " + day, "morning") + ".md";
        String became = play.tell(
                "I write the brief.",
                "The brief " + path,
                "file_write",
                Map.of("path", path, "content", page.toString()));
        Map<String, Object> message =
                Map.of("text", Text.cut(headline(l, waiting.size(), gaps.size()), 1000), "urgency", "today");
        if (play.can("notify_owner", message)) {
            became += "\n"
                    + play.tell("The owner reads it here first.", "The message to the owner", "notify_owner", message);
        }
        return new Outcome(page + "\n" + became, "morning brief");
    }

    private static JsonNode items(Optional<JsonNode> answer) {
        return answer.map(d -> d.path("items")).orElse(MissingNode.getInstance());
    }

    /** The company's own language, as its entity has it. */
    private static Language language(Play play) {
        return play.look(
                        "In which language does the owner read?",
                        "hq_search",
                        Map.of("query", Text.cut(play.company(), 200), "types", List.of("entity"), "limit", 1))
                .map(d -> Text.first(d.at("/hits/0"), "slug", "id"))
                .filter(ref -> !ref.isEmpty())
                .flatMap(ref -> play.look("Our own record says it.", "hq_describe", Map.of("ref", ref)))
                .flatMap(d -> Language.ofTag(d.at("/node/props/language").asText("")))
                .orElse(Language.ENGLISH);
    }

    private static void section(StringBuilder page, String heading, int count, String lines) {
        if (count > 0) {
            page.append("\n## ")
                    .append(heading)
                    .append(" (")
                    .append(count)
                    .append(")\n\n")
                    .append(lines);
        }
    }

    private static String waitingLines(Language l, JsonNode waiting) {
        StringBuilder out = new StringBuilder();
        Text.each(waiting).stream()
                .limit(LINES)
                .forEach(p -> out.append("- ")
                        .append(Text.cut(Text.or(Text.first(p, "summary"), l.say("A proposal", "Uma proposta")), 160))
                        .append(l.say(". I would decide it today.\n", ". Eu decidia-a hoje.\n")));
        return out.toString();
    }

    private static String gapLines(Language l, JsonNode gaps) {
        StringBuilder out = new StringBuilder();
        Text.each(gaps).stream()
                .limit(LINES)
                .forEach(g -> out.append("- ")
                        .append(Text.cut(Text.or(Text.first(g, "description"), Text.first(g, "name")), 160))
                        .append(": ")
                        .append(g.path("count").asInt())
                        .append(l.say(
                                ". I would have operator look at the oldest first.\n",
                                ". Eu pedia ao operador que visse primeiro o mais antigo.\n")));
        return out.toString();
    }

    private static String stageLines(Language l, JsonNode stages) {
        StringBuilder out = new StringBuilder();
        Text.each(stages)
                .forEach(s -> out.append("- ")
                        .append(Text.first(s, "stage"))
                        .append(": ")
                        .append(s.path("count").asInt())
                        .append(l.say(" deals\n", " negócios\n")));
        return out.toString();
    }

    private static String headline(Language l, int waiting, int gaps) {
        return l.say(
                "Your brief is ready. " + waiting + " things wait for you, and " + gaps + " lists have something late.",
                "O seu resumo está pronto. " + waiting + " assuntos esperam por si, e " + gaps
                        + " listas têm algo atrasado.");
    }
}
