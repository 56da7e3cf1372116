package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.agentruntime.rehearsal.Scene.Made;

/** Chief writes a proposal that was asked for. */
final class WritingProcedure implements Procedure {

    @Override
    public Outcome play(Play play) {
        String ref = play.field(
                "engagement_slug", "engagement_id", "engagement", "entity_slug", "entity_id", "entity", "slug", "id");
        if (ref.isEmpty()) {
            return new Outcome("A proposal was asked for, but not for whom.", "nobody named");
        }
        JsonNode node = play.look("I collect what is recorded before I write.", "hq_describe", Map.of("ref", ref))
                .map(d -> d.path("node"))
                .orElse(MissingNode.getInstance());
        String name = Text.name(node, Text.or(play.field("title", "name"), Text.spoken(ref)));
        String wish = play.field("brief", "description", "summary", "text");
        Language l = Language.ofTag(node.path("props").path("language").asText(""))
                .or(() -> Language.ofTag(play.field("language")))
                .orElseGet(() -> Language.of(name + " " + wish));
        play.look(
                "How did earlier proposals go?",
                "hq_examples_find",
                Map.of("tool", "file_write", "query", Text.cut("proposal " + name, 200), "limit", 3));
        Optional<String> fact =
                asked(play, "Scope, price and dates recorded for \"" + name + "\"? Record: " + ref + ".");
        Optional<JsonNode> written = play.look(
                "proposal-writer drafts it from the records.",
                "agent_spawn",
                Map.of(
                        "subagent",
                        "proposal-writer",
                        "question",
                        "A proposal for " + name + " (" + ref + "). " + wish));
        String price = price(l, node.path("props"));
        String page = "# " + l.say("Proposal for ", "Proposta para ") + name + "\n\n"
                + written.map(MailFacts::said)
                        .filter(s -> !s.isEmpty())
                        .map(s -> s + "\n\n")
                        .orElse("")
                + (wish.isEmpty() ? "" : l.say("You asked for: ", "O que nos pediu: ") + wish + "\n\n")
                + fact.map(f -> l.say("What is recorded: \"", "O que está registado: «") + f + l.say("\"", "»")
                                + "\n\n")
                        .orElse("")
                + "## " + l.say("Price", "Preço") + "\n\n" + price + "\n\n"
                + l.rehearsed() + "\n";
        String path = "outputs/proposals/" + Text.fileName(name, "proposal") + ".md";
        Map<String, Object> file = Map.of("path", path, "content", page);
        if (!play.can("file_write", file)) {
            return new Outcome("I have no tool to write the proposal with.", "cannot write");
        }
        Made draft = play.act("I write the proposal; the owner decides about it.", "file_write", file);
        String became = Play.became("The draft " + path, draft);
        if (!draft.ok()) {
            return new Outcome(became, "proposal not written: " + draft.code());
        }
        String asks = play.tell(
                "A proposal leaves the house only with the owner's word.",
                "The question to the owner",
                "request_approval",
                Map.of(
                        "title",
                        Text.cut(l.say("Send " + name + " the proposal", "Enviar a proposta a " + name), 300),
                        "context",
                        l.say(
                                "A proposal was asked for. The draft is in the file " + path + ". " + price,
                                "Foi pedida uma proposta. O rascunho está no ficheiro " + path + ". " + price),
                        "decision",
                        l.say(
                                "The proposal goes out as it stands in the file.",
                                "A proposta segue como está no ficheiro."),
                        "about",
                        List.of(ref)));
        return new Outcome(became + "\n" + asks, "proposal drafted, waits for the owner");
    }

    private static String price(Language l, JsonNode props) {
        return props.hasNonNull("price")
                ? l.say("The recorded price is ", "O preço registado é de ")
                        + props.path("price").asText() + " "
                        + props.path("currency").asText("EUR") + "."
                : l.say("No price is recorded. Which one shall we name?", "Não há preço registado. Qual indicamos?");
    }

    private static Optional<String> asked(Play play, String question) {
        Map<String, Object> ask = Map.of("action", "ask", "to", "operator", "text", question);
        return play.look("Facts of the graph are operator's to give.", "hq_agent", ask)
                .flatMap(d -> AnswerProcedure.fact(d.path("reply").asText("")));
    }
}
