package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.agentruntime.rehearsal.Scene.Made;

/**
 * What was found out before a reply is drafted.
 *
 * @param fact what may be told; empty when nothing was found
 * @param missing what could not be found, in the correspondent's language
 * @param change what a project agent did; empty when it did nothing
 * @param told what was done beside it, for the last words
 * @param escalated whether the owner has it
 */
record MailFacts(Optional<String> fact, String missing, Optional<String> change, String told, boolean escalated) {
    static final String ESCALATION = "escalation";

    static MailFacts gather(Play play, ChiefDecision way, Correspondent who, String question) {
        List<String> told = new ArrayList<>();
        if (way == ChiefDecision.INLINE) {
            return new MailFacts(Optional.empty(), "", Optional.empty(), "", false);
        }
        Optional<String> brief = way == ChiefDecision.DEEP_DIVE ? deepDive(play, who, question) : Optional.empty();
        if (way == ChiefDecision.DEEP_DIVE && brief.isEmpty() || way == ChiefDecision.ESCALATE) {
            timeline(play, who);
        }
        Optional<String> change = way == ChiefDecision.PROJECT ? project(play, who, told) : Optional.empty();
        Map<String, Object> ask = Map.of("action", "ask", "to", "operator", "text", question(who));
        Optional<Made> asked = play.can("hq_agent", ask)
                ? Optional.of(
                        play.act("The reply needs a fact. Facts of the graph are operator's to give.", "hq_agent", ask))
                : Optional.empty();
        boolean escalated = way == ChiefDecision.ESCALATE && escalate(play, who, told);
        Optional<String> fact = asked.filter(Made::ok)
                .flatMap(m -> AnswerProcedure.fact(m.data().path("reply").asText("")))
                .or(() -> brief);
        return new MailFacts(fact, missing(who, asked), change, String.join("\n", told), escalated);
    }

    private static Optional<String> deepDive(Play play, Correspondent who, String question) {
        String asks = Text.or(question, "What is agreed and open with them?");
        return play.look(
                        "This takes three sources or more, so customer-deep-dive reads them.",
                        "agent_spawn",
                        Map.of(
                                "subagent",
                                "customer-deep-dive",
                                "question",
                                (who.entity().isEmpty() ? "" : "Entity: " + who.entity() + ". ")
                                        + SubagentProcedure.STRANGER + who.spoken() + ". Question: " + asks
                                        + " The answer is for a reply to them."))
                .map(MailFacts::said)
                .filter(s -> !s.isEmpty());
    }

    /** What a subagent's result says; empty where it has found or done nothing. */
    static String said(JsonNode data) {
        String text = Text.first(data, "answer", "result", "reply", "text", "summary");
        return SubagentProcedure.said(text.split("\\R\\s*\\R", 2)[0])
                .map(said -> Text.cut(said, 300))
                .orElse("");
    }

    private static Optional<JsonNode> timeline(Play play, Correspondent who) {
        return who.entity().isEmpty()
                ? Optional.empty()
                : play.look(
                        "I look at what happened with them lately.",
                        "hq_timeline",
                        Map.of("about", who.entity(), "limit", 20));
    }

    private static Optional<String> project(Play play, Correspondent who, List<String> told) {
        JsonNode hits = play.look(
                        "They want something changed. I look for the project it is in.",
                        "hq_search",
                        Map.of(
                                "query",
                                Text.cut(Text.or(who.name(), who.address()), 200),
                                "types",
                                List.of("project"),
                                "limit",
                                3))
                .map(d -> d.path("hits"))
                .orElse(MissingNode.getInstance());
        if (hits.isEmpty()) {
            told.add("No project was found for the change that is asked for.");
            return Optional.empty();
        }
        JsonNode found = hits.path(0);
        Map<String, Object> run = Map.of(
                "project",
                Text.first(found, "slug", "id"),
                "task",
                "The customer asks: "
                        + Text.cut(Letter.own(who.message().path("body_text").asText("")), 2000));
        if (!play.can("project_run", run)) {
            told.add("The change was not made: project_run is not one of the tools here.");
            return Optional.empty();
        }
        Made made =
                play.act("The customer wants a change inside a project, so its agent makes it.", "project_run", run);
        String what = "The change in " + Text.name(found, "the project");
        Optional<String> change =
                Optional.of(made).filter(Made::ok).map(m -> said(m.data())).filter(s -> !s.isEmpty());
        told.add(made.ok() && change.isEmpty() ? what + " was not made by its agent." : Play.became(what, made));
        return change;
    }

    private static boolean escalate(Play play, Correspondent who, List<String> told) {
        Language l = who.language();
        String name = Text.or(who.name(), who.address());
        Map<String, Object> issue = Map.of(
                "title",
                l.say("Call " + name + ", who is upset", "Ligar a " + name + ", que está descontente"),
                "description",
                l.say(
                        "A mail about \"" + Letter.bare(who.subject()) + "\" says: \""
                                + Text.cut(
                                        Letter.own(
                                                who.message().path("body_text").asText("")),
                                        600)
                                + "\"\n\nA reply without any promise is drafted. Please decide what we offer.",
                        "Uma mensagem sobre «" + Letter.bare(who.subject()) + "» diz: «"
                                + Text.cut(
                                        Letter.own(
                                                who.message().path("body_text").asText("")),
                                        600)
                                + "»\n\nEstá preparada uma resposta sem qualquer promessa. Falta decidir o que propomos."),
                "urgency",
                "blocker",
                "assignee",
                "owner",
                "about",
                who.entity().isEmpty() ? List.of() : List.of(who.entity()));
        if (!play.can("open_issue", issue)) {
            return false;
        }
        Made made = play.act("Somebody is upset: the owner has to know at once.", "open_issue", issue);
        told.add(Play.became("The " + ESCALATION + " to the owner's list", made));
        return made.ok() && made.data().path("proposal_id").asText("").isEmpty();
    }

    private static String question(Correspondent who) {
        return "What do our records say about who wrote this mail? Sender: " + who.spoken() + ". Subject: \""
                + who.subject() + "\". "
                + (who.entity().isEmpty() ? "" : "Entity: " + who.entity() + ". ")
                + (who.contact().isEmpty() ? "" : "Contact: " + who.contact() + ". ")
                + "One fact with its source, please; say so if nothing is recorded.";
    }

    private static String missing(Correspondent who, Optional<Made> asked) {
        boolean unreached = asked.isEmpty() || !asked.get().ok();
        return unreached
                ? who.language()
                        .say("our records could not be consulted", "não foi possível consultar os nossos registos")
                : who.language()
                        .say(
                                "nothing is recorded about " + who.address(),
                                "não temos nada registado sobre " + who.address());
    }
}
