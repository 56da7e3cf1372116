package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Map;

/** A change of a schema or a migration is asked for: operator changes nothing, and puts it before the owner with the way back. */
final class ChangeProcedure implements Procedure {

    @Override
    public Outcome play(Play play) {
        String id = play.field("proposal_id", "id");
        JsonNode proposal = id.isEmpty()
                ? MissingNode.getInstance()
                : play.look("I read what is asked for.", "hq_proposal", Map.of("action", "show", "id", id))
                        .map(d -> d.path("proposal"))
                        .orElse(MissingNode.getInstance());
        play.look(
                "How were such decisions written before?",
                "hq_examples_find",
                Map.of("tool", "request_approval", "query", "schema change", "limit", 3));
        String what = Text.or(
                play.field("summary", "title", "description"),
                Text.or(Text.first(proposal, "summary", "title"), "a change of the schema"));
        Language l = Language.ofTag(play.field("language")).orElseGet(() -> Language.of(what));
        String became = play.tell(
                "Whatever cannot be undone is the owner's to decide.",
                "The decision",
                "request_approval",
                Map.of(
                        "title",
                        Text.cut(l.say("Decide about: ", "Decidir sobre: ") + what, 300),
                        "context",
                        l.say(
                                "This change is asked for: \"" + what
                                        + "\" It touches how facts are stored, so nothing was changed yet.",
                                "Foi pedida esta alteração: «" + what
                                        + "» Ela toca na forma como os factos são guardados, por isso nada foi alterado."),
                        "decision",
                        l.say(
                                "The change is prepared and tried on a copy first.",
                                "A alteração é preparada e experimentada primeiro numa cópia."),
                        "consequences",
                        l.say(
                                "The way back is the state before it, which history keeps.",
                                "O caminho de volta é o estado anterior, que o histórico guarda."),
                        "alternatives",
                        l.say("Leave the schema as it is.", "Deixar o esquema como está.")));
        return new Outcome(became, "change put before the owner");
    }
}
