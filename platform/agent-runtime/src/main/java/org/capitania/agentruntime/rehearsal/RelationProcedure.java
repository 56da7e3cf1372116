package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.agentruntime.rehearsal.Scene.Made;

/**
 * A relation changes: it grows colder or warmer, somebody may leave or wants more, or a new prospect is known. Chief looks at the record and
 * the time line, and tells the owner, notes it, or writes a brief; nobody outside gets a mail for it.
 */
final class RelationProcedure implements Procedure {
    private static final List<String> BANDS = List.of("cold", "cool", "warm", "hot");

    /** Who it is about, as recorded. */
    private record Party(String ref, String name, Language language, String lately) {}

    @Override
    public Outcome play(Play play) {
        String ref = play.field("entity_slug", "entity_id", "slug", "id");
        if (ref.isEmpty()) {
            return new Outcome(play.type() + " names nobody, so there is nothing to look at.", "nothing named");
        }
        Party party = party(play, ref);
        return switch (play.type()) {
            case "customer.churn_signal" -> mayLeave(play, party);
            case "customer.expand_signal" -> wantsMore(play, party, play.field("summary", "evidence_span", "text"));
            case "prospect.created" -> prospect(play, party);
            default ->
                BANDS.indexOf(play.field("after")) < BANDS.indexOf(play.field("before"))
                        ? colder(play, party)
                        : wantsMore(play, party, "");
        };
    }

    private static Party party(Play play, String ref) {
        JsonNode node = play.look("I look at the record before I believe the event.", "hq_describe", Map.of("ref", ref))
                .map(d -> d.path("node"))
                .orElse(MissingNode.getInstance());
        Optional<JsonNode> timeline = play.look(
                "I look at what happened with them lately.", "hq_timeline", Map.of("about", ref, "limit", 20));
        String name = Text.name(node, Text.or(play.field("name", "entity_name"), Text.spoken(ref)));
        Language language = Language.ofTag(node.path("props").path("language").asText(""))
                .orElseGet(() -> Language.of(play.field("summary", "evidence_span", "text")));
        return new Party(ref, name, language, Text.lines(timeline, 5));
    }

    private static Outcome colder(Play play, Party p) {
        Language l = p.language();
        String what = l.say(
                "Our relation with " + p.name() + " has grown colder: it was " + play.field("before") + " and is now "
                        + play.field("after") + ".",
                "A nossa relação com " + p.name() + " arrefeceu: era " + band(play.field("before")) + " e está agora "
                        + band(play.field("after")) + ".");
        String became = Owner.tell(
                play,
                l.say("Decide whether to write to " + p.name(), "Decidir se escrevemos a " + p.name()),
                what
                        + lately(p)
                        + open(play, p)
                        + l.say(
                                "\n\nI would ask them how they are doing, in one friendly sentence.",
                                "\n\nEu perguntava-lhes como estão, numa frase simpática."),
                false,
                List.of(p.ref()));
        return new Outcome(what + "\n" + became, "colder relation brought to the owner");
    }

    private static Outcome mayLeave(Play play, Party p) {
        Language l = p.language();
        String sign = play.field("summary", "evidence_span", "text");
        String what = l.say(
                "There is a sign that " + p.name() + " may leave us" + (sign.isEmpty() ? "." : ": \"" + sign + "\""),
                "Há um sinal de que " + p.name() + " nos pode deixar" + (sign.isEmpty() ? "." : ": «" + sign + "»"));
        String became = Owner.tell(
                play,
                l.say("Call " + p.name() + " before they leave", "Ligar a " + p.name() + " antes que nos deixe"),
                what
                        + lately(p)
                        + open(play, p)
                        + l.say(
                                "\n\nI would call them today. They have had no message from us about it.",
                                "\n\nEu ligava-lhes hoje. Ainda não receberam nenhuma mensagem nossa sobre isto."),
                true,
                List.of(p.ref()));
        return new Outcome(what + "\n" + became, "escalation: somebody may leave, the owner decides");
    }

    private static Outcome wantsMore(Play play, Party p, String sign) {
        Language l = p.language();
        String title =
                l.say(p.name() + " is closer to us than before", p.name() + " está mais próximo de nós do que antes");
        String next = l.say(
                "The next step is theirs to name; we offer something only when they ask for it.",
                "O próximo passo é deles; só propomos alguma coisa quando a pedirem.");
        String became = play.tell(
                "I note it where the next session finds it.",
                "The note",
                "hq_event_log",
                Map.of(
                        "kind",
                        "development",
                        "title",
                        Text.cut(title, 200),
                        "body",
                        (sign.isEmpty() ? "" : l.say("They wrote: \"" + sign + "\" ", "Escreveram: «" + sign + "» "))
                                + next,
                        "about",
                        List.of(p.ref())));
        return new Outcome(title + ".\n" + became, "warmer relation noted");
    }

    private static Outcome prospect(Play play, Party p) {
        Language l = p.language();
        Optional<JsonNode> brief = play.look(
                "customer-brief gathers what is recorded.",
                "agent_spawn",
                Map.of(
                        "subagent",
                        "customer-brief",
                        "question",
                        "One page on " + p.name() + ", a new prospect (" + p.ref() + ")."));
        String known = brief.map(MailFacts::said)
                .filter(s -> !s.isEmpty())
                .or(() -> Optional.of(p.lately()).filter(s -> !s.isBlank()))
                .orElse(l.say("Nothing else is recorded yet.\n", "Ainda não há mais nada registado.\n"));
        String page = "# " + p.name() + "\n\n"
                + l.say(p.name() + " is known to us as a prospect.", p.name() + " é um possível cliente.")
                + "\n\n## "
                + l.say("What is recorded", "O que está registado") + "\n\n" + known + "\n## "
                + l.say("Next step", "Próximo passo") + "\n\n"
                + l.say(
                        "We write first only if they have written to us.",
                        "Só escrevemos primeiro se já nos tiverem escrito.")
                + "\n";
        String became = play.tell(
                "A new prospect gets one page.",
                "The brief",
                "file_write",
                Map.of("path", "outputs/briefs/" + Text.fileName(p.name(), "prospect") + ".md", "content", page));
        return new Outcome(p.name() + " is a new prospect.\n" + became, "brief of a new prospect");
    }

    private static String lately(Party p) {
        return p.lately().isBlank()
                ? ""
                : p.language().say("\n\nWhat happened lately:\n", "\n\nO que aconteceu ultimamente:\n") + p.lately();
    }

    /** What operator says is open with them; facts of the graph are operator's to give. */
    private static String open(Play play, Party p) {
        Map<String, Object> ask = Map.of(
                "action", "ask",
                "to", "operator",
                "text",
                        "What is open with \"" + p.name() + "\" (promises, invoices, blockers)? Record: " + p.ref()
                                + ".");
        if (!play.can("hq_agent", ask)) {
            return "";
        }
        Made made = play.act("What is open with them is operator's to say.", "hq_agent", ask);
        Optional<String> fact =
                made.ok() ? AnswerProcedure.fact(made.data().path("reply").asText("")) : Optional.empty();
        return fact.map(f -> p.language()
                        .say("\n\nOur records say: \"" + f + "\"", "\n\nNos nossos registos consta: «" + f + "»"))
                .orElse("");
    }

    private static String band(String english) {
        return switch (english) {
            case "cold" -> "fria";
            case "cool" -> "morna";
            case "warm" -> "próxima";
            case "hot" -> "muito próxima";
            default -> english;
        };
    }
}
