package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What the brief of a Monday says about the week before; nothing where nothing was learned. */
record LearnedLines(Language l) {

    List<String> of(JsonNode section) {
        List<String> lines = new ArrayList<>();
        int decided = value(section, "decided");
        if (decided > 0) {
            lines.add(l.say("Of ", "De ")
                    + l.count(decided, "draft", "drafts", "rascunho", "rascunhos")
                    + l.say(" you changed ", " alterou ")
                    + value(section, "changed")
                    + l.say(" and rejected ", " e recusou ")
                    + value(section, "rejected")
                    + l.say(
                            ". I would read those before I draft the next.",
                            ". Eu lia esses antes de preparar o seguinte."));
        }
        int bad = value(section, "bad_steps");
        if (bad > 0) {
            lines.add(
                    l.count(bad, "step was wrong", "steps were wrong", "passo estava errado", "passos estavam errados")
                            + l.say(". I would ask before I take it again.", ". Eu perguntava antes de o repetir."));
        }
        section.path("items").forEach(item -> lines.add(line(item)));
        return lines;
    }

    private String line(JsonNode item) {
        return switch (item.path("learned").asText()) {
            case "correction" ->
                quoted(item, "note") + l.say(", you said. I would keep to it.", ", disse. Eu cumpria isso.");
            case "step" ->
                quoted(item, "step")
                        + l.say(" was left out ", " ficou por fazer ")
                        + l.count(item.path("times").asInt(), "time", "times", "vez", "vezes")
                        + l.say(". I would do it first.", ". Eu fazia isso primeiro.");
            case "example" ->
                quoted(item, "title")
                        + l.say(" is an example now. I would draft from it.", " é agora um exemplo. Eu partia dele.");
            case "playbook" ->
                quoted(item, "title")
                        + l.say(
                                " may become a procedure. I would look whether it fits.",
                                " pode tornar-se um procedimento. Eu via se serve.");
            case "lesson" -> quoted(item, "title") + l.say(" I would heed it.", " Eu tinha isso em conta.");
            case "graduation" ->
                BriefPage.act(l, item)
                        + (item.path("granted").asBoolean()
                                ? l.say(
                                        " may go out without asking. I would look at the first ones together.",
                                        " pode seguir sem perguntar. Eu via consigo os primeiros casos.")
                                : l.say(
                                        " asks you again. I would leave it so for now.",
                                        " volta a perguntar. Eu deixava assim por agora."));
            default ->
                l.say(
                        "More was decided than is counted here. I would look at the rest in the console.",
                        "Foi decidido mais do que aqui se conta. Eu via o resto na consola.");
        };
    }

    private static String quoted(JsonNode item, String member) {
        return "“" + Text.cut(Text.first(item, member), 160) + "”";
    }

    private static int value(JsonNode section, String name) {
        return (int) BriefPage.value(section, name);
    }
}
