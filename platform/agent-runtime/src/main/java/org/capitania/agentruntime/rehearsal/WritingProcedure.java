package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.agentruntime.rehearsal.Scene.Made;

/** Chief writes something that a person reads as a document: a proposal that was asked for, or the notes for a meeting. */
final class WritingProcedure implements Procedure {

    @Override
    public Outcome play(Play play) {
        return play.type().equals("calendar.external_changed") ? meeting(play) : proposal(play);
    }

    private static Outcome proposal(Play play) {
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
                + written.map(MailFacts::said).map(s -> s + "\n\n").orElse("")
                + (wish.isEmpty() ? "" : l.say("You asked for: ", "O que nos pediu: ") + wish + "\n\n")
                + fact.map(f -> l.say("What is recorded: \"", "O que está registado: «") + f + l.say("\"", "»")
                                + "\n\n")
                        .orElse("")
                + "## " + l.say("Price", "Preço") + "\n\n" + price + "\n\n"
                + l.say(
                        "Drafted by Capitania's rehearsal model, which follows fixed rules and is not a language model.",
                        "Preparado pelo modelo de ensaio da Capitania, que segue regras fixas e não é um modelo de linguagem.")
                + "\n";
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

    private static Outcome meeting(Play play) {
        String title = Text.or(play.field("title", "summary"), "meeting");
        String change = play.field("change", "status", "kind");
        if (change.startsWith("cancel")) {
            return new Outcome(
                    "The meeting \"" + title + "\" was cancelled; no notes are needed.", "meeting cancelled");
        }
        JsonNode guest = guest(play);
        String address = guest.isTextual() ? guest.asText() : Text.first(guest, "address", "email");
        String query = Text.or(Text.first(guest, "name"), Text.or(address, title));
        JsonNode hits = play.look(
                        "Who comes? I look for them.",
                        "hq_search",
                        Map.of("query", Text.cut(query, 200), "types", List.of("contact", "entity"), "limit", 3))
                .map(d -> d.path("hits"))
                .orElse(MissingNode.getInstance());
        String ref = Text.first(hits.path(0), "slug", "id");
        Optional<JsonNode> record = ref.isEmpty()
                ? Optional.empty()
                : play.look("I look at their record.", "hq_describe", Map.of("ref", ref));
        String lately = ref.isEmpty()
                ? ""
                : Text.lines(
                        play.look("What happened with them lately?", "hq_timeline", Map.of("about", ref, "limit", 20)),
                        5);
        JsonNode node = record.map(r -> r.path("node")).orElse(MissingNode.getInstance());
        String name = Text.name(node, query);
        Language l =
                Language.ofTag(node.path("props").path("language").asText("")).orElseGet(() -> Language.of(title));
        Optional<String> open =
                asked(play, "What do we owe \"" + name + "\", and what do they owe us? Record: " + ref + ".");
        String page = "# " + l.say("Meeting: ", "Reunião: ") + title + "\n\n"
                + l.say("Who comes: ", "Quem vem: ") + name + ".\n\n## "
                + l.say("Lately", "Ultimamente") + "\n\n"
                + Text.or(lately, l.say("Nothing is recorded.\n", "Não há nada registado.\n"))
                + "\n## " + l.say("What is open", "O que está em aberto") + "\n\n"
                + open.orElse(l.say("Nothing open is recorded.", "Não há nada em aberto nos registos."))
                + "\n\n## " + l.say("Three questions", "Três perguntas") + "\n\n"
                + l.say(
                        "1. What matters most to you in the next three months?\n2. What should we do differently?\n3. Who else should know about this?\n",
                        "1. O que é mais importante para si nos próximos três meses?\n2. O que devemos fazer de outra forma?\n3. Quem mais deve saber disto?\n");
        String day = Text.day(play.field("starts_at", "start"));
        String path = "outputs/briefs/" + Text.fileName("meeting " + day + " " + name, "meeting") + ".md";
        String became = play.tell(
                "Outsiders come, so one page is prepared.",
                "The page " + path,
                "file_write",
                Map.of("path", path, "content", page));
        return new Outcome(became, "meeting notes prepared");
    }

    /** The first of those who come from outside, or whoever comes. */
    private static JsonNode guest(Play play) {
        JsonNode all = play.event().path("attendees");
        return Text.each(all).stream()
                .filter(a -> a.path("external").asBoolean(true))
                .findFirst()
                .orElse(all.path(0));
    }

    private static Optional<String> asked(Play play, String question) {
        Map<String, Object> ask = Map.of("action", "ask", "to", "operator", "text", question);
        return play.look("Facts of the graph are operator's to give.", "hq_agent", ask)
                .flatMap(d -> AnswerProcedure.fact(d.path("reply").asText("")));
    }
}
