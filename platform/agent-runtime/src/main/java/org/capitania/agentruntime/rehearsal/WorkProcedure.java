package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.capitania.agentruntime.rehearsal.Scene.Made;

/** Work was assigned: to operator, who looks things up and closes the task with what was found, or to a project, whose agent is started. */
final class WorkProcedure implements Procedure {
    private static final Pattern LOOK = Pattern.compile(
            "^\\W*(?:check|verify|confirm|find|look|verificar|verifique|confirmar|procurar|encontrar|ver)\\b",
            Pattern.CASE_INSENSITIVE);
    private static final String PROJECT = "project:";

    @Override
    public Outcome play(Play play) {
        String ref = play.field("task_slug", "task_id");
        Map<String, Object> show = Map.of("action", "show", "ref", ref);
        if (!play.can("hq_task", show)) {
            return new Outcome("I cannot read the task: hq_task is not one of the tools here.", "cannot read the task");
        }
        Made read = play.act("I read the task whole, and what blocks it.", "hq_task", show);
        if (!read.ok()) {
            return new Outcome("The task could not be read: " + read.problem(), "task not readable: " + read.code());
        }
        JsonNode node = read.data().path("node");
        if (List.of("done", "cancelled").contains(node.path("status").asText())) {
            return new Outcome("The task is over already.", "already over");
        }
        String assignee = Text.or(play.subject(), play.field("assignee"));
        return assignee.startsWith(PROJECT) ? project(play, ref, read.data(), assignee) : own(play, ref, read.data());
    }

    private static Outcome project(Play play, String ref, JsonNode task, String project) {
        Map<String, Object> run =
                Map.of("project", project, "task", Text.cut(title(task) + ". " + description(task), 8000));
        Language l = language(task);
        if (!play.can("project_run", run)) {
            return blocked(
                    play,
                    ref,
                    task,
                    l.say("No project agent can be started yet.", "Ainda não se pode iniciar um agente de projeto."));
        }
        Made made = play.act("The project's own agent does it.", "project_run", run);
        String said = made.ok() ? MailFacts.said(made.data()) : "";
        if (said.isEmpty()) {
            return blocked(
                    play,
                    ref,
                    task,
                    l.say("The project agent did not finish it", "O agente do projeto não a concluiu")
                            + (made.problem().isBlank() ? "." : ": \"" + made.problem() + "\""));
        }
        return complete(
                play,
                ref,
                task,
                l.say("The project agent reports: \"" + said + "\"", "O agente do projeto comunica: «" + said + "»"));
    }

    private static Outcome own(Play play, String ref, JsonNode task) {
        Language l = language(task);
        JsonNode about = Text.each(task.path("edges")).stream()
                .filter(e -> e.path("type").asText().equals("about"))
                .map(e -> e.path("other"))
                .findFirst()
                .orElse(MissingNode.getInstance());
        if (LOOK.matcher(title(task)).find() && !about.isMissingNode()) {
            Optional<JsonNode> found = play.look(
                    "The task asks what is recorded, so I look.",
                    "hq_describe",
                    Map.of("ref", Text.first(about, "slug", "id")));
            if (found.isPresent()) {
                JsonNode node = found.get().path("node");
                String name = Text.name(node, "the record");
                String status = Text.or(node.path("status").asText(""), "active");
                return complete(
                        play,
                        ref,
                        task,
                        l.say(
                                "Looked up: " + name + " is recorded, its status is \"" + status + "\".",
                                "Verificado: " + name + " está registado, com o estado «" + status + "»."));
            }
        }
        return blocked(
                play,
                ref,
                task,
                l.say(
                        "This needs a person: the rehearsal model can only look things up. The owner can name who does it.",
                        "Isto precisa de uma pessoa: o modelo de ensaio só consegue consultar registos. A gerência pode indicar quem o faz."));
    }

    private static Outcome complete(Play play, String ref, JsonNode task, String outcome) {
        String became = play.tell(
                "It is done, so I close it with what shows it.",
                "Closing the task",
                "hq_task",
                versioned(task, Map.of("action", "complete", "ref", ref, "outcome", Text.cut(outcome, 2000))));
        return new Outcome(outcome + "\n" + became, "task closed with its outcome");
    }

    private static Outcome blocked(Play play, String ref, JsonNode task, String why) {
        String before = description(task);
        String text = before.contains(why) ? before : (before.isBlank() ? "" : before + "\n\n") + why;
        String became = play.tell(
                "I cannot do it with these tools, and say in the task what is missing.",
                "The word in the task",
                "hq_task",
                versioned(
                        task,
                        Map.of(
                                "action",
                                "update",
                                "ref",
                                ref,
                                "status",
                                "blocked",
                                "description",
                                text.length() > 8000 ? text.substring(text.length() - 8000) : text)));
        return new Outcome(why + "\n" + became, "task left open: " + Text.cut(why, 80));
    }

    /** With the version that was read, where there is one: whoever was faster is not overwritten. */
    private static Map<String, Object> versioned(JsonNode task, Map<String, Object> arguments) {
        Map<String, Object> all = new HashMap<>(arguments);
        int version = task.path("node").path("version").asInt(0);
        if (version > 0) {
            all.put("version", version);
        }
        return all;
    }

    private static String title(JsonNode task) {
        return Text.name(task.path("node"), "the task");
    }

    private static String description(JsonNode task) {
        return task.path("node").path("props").path("description_md").asText("");
    }

    private static Language language(JsonNode task) {
        return Language.of(title(task) + " " + description(task));
    }
}
