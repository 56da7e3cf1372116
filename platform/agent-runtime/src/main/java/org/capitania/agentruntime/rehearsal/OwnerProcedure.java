package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.agentruntime.rehearsal.Scene.Made;

/** The owner writes: a task that is asked for is put on the list, anything else is answered from the graph, in the owner's language. */
final class OwnerProcedure implements Procedure {
    private static final Pattern TASK = Pattern.compile(
            "\\b(?:(?:create|add|make) a task|(?:cria|crie|criar|adiciona|adicione) uma tarefa)\\b(?: to| for| para|:)*\\s+([^\\r\\n]{3,180})",
            Pattern.CASE_INSENSITIVE);

    @Override
    public Outcome play(Play play) {
        String text = play.field("text");
        Language l = Language.of(text);
        Matcher task = TASK.matcher(text);
        return task.find() ? task(play, l, task.group(1).strip()) : answer(play, l, text);
    }

    private static Outcome task(Play play, Language l, String wish) {
        String title = Character.toUpperCase(wish.charAt(0)) + wish.substring(1).replaceAll("[.!]+$", "");
        String description = l.say("The owner asked for it: \"" + wish + "\"", "A gerência pediu: «" + wish + "»");
        Map<String, Object> own =
                Map.of("action", "create", "title", title, "description", description, "driver", "owner");
        boolean tasks = play.can("hq_task", own);
        Map<String, Object> issue =
                Map.of("title", title, "description", description, "assignee", "owner", "urgency", "impactful");
        String tool = tasks ? "hq_task" : "open_issue";
        if (!tasks && !play.can(tool, issue)) {
            return new Outcome(l.say("I have no tool for that.", "Não tenho ferramenta para isso."), "no tool for it");
        }
        Made made = play.act("The owner asks for a task.", tool, tasks ? own : issue);
        String words = !made.ok()
                ? l.say("The task could not be made: ", "Não foi possível criar a tarefa: ") + made.problem()
                : made.status().equals("proposed")
                        ? l.say("The task waits for your approval: ", "A tarefa espera pela sua aprovação: ") + title
                        : l.say("The task is on your list: ", "A tarefa está na sua lista: ") + title;
        return new Outcome(words, made.ok() ? "task made for the owner" : "task not made: " + made.code());
    }

    private static Outcome answer(Play play, Language l, String text) {
        Map<String, Object> words = Map.of("query", AnswerProcedure.query(text), "limit", 5);
        Optional<Made> search = play.can("hq_search", words)
                ? Optional.of(play.act("The owner asks; I look for it.", "hq_search", words))
                : Optional.empty();
        Optional<JsonNode> record = AnswerProcedure.ref(text, search)
                .flatMap(ref -> play.look("I look at what is recorded.", "hq_describe", Map.of("ref", ref)));
        if (record.isEmpty()) {
            return new Outcome(
                    l.say("Nothing about that is recorded.", "Não há nada registado sobre isso."),
                    "nothing recorded for the owner");
        }
        JsonNode node = record.get().path("node");
        String name = Text.name(node, l.say("The record", "O registo"));
        String status = node.path("status").asText("");
        List<String> others = Text.each(record.get().path("edges")).stream()
                .map(e -> Text.first(e.path("other"), "title"))
                .filter(t -> !t.isEmpty())
                .limit(3)
                .toList();
        String reply = l.say(name + " is recorded", name + " consta dos registos")
                + (status.isEmpty()
                        ? ""
                        : l.say(" with the status \"" + status + "\"", " com o estado «" + status + "»"))
                + (others.isEmpty() ? "" : l.say(", connected with ", ", em ligação com ") + String.join("; ", others))
                + ".";
        return new Outcome(reply, "answered the owner");
    }
}
