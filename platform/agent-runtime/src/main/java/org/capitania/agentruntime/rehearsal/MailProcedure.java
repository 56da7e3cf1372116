package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.agentruntime.rehearsal.Scene.Made;

/**
 * Answers what waits in a thread: reads it, decides how much more has to be known (see {@link ChiefDecision}), finds it out, drafts one
 * reply, and ends. Automated mail is never answered.
 */
final class MailProcedure implements Procedure {
    private static final String SEND = "email_send";
    private static final String OVERDUE = "interaction.overdue";

    @Override
    public Outcome play(Play play) {
        JsonNode event = play.event();
        if (play.type().startsWith("email.") && !event.path("answerable").asBoolean(false)) {
            String kind = Text.or(play.field("classification"), "automated mail");
            return new Outcome(
                    "This is " + kind.replace('_', ' ') + ", which is never answered.", "not answered: " + kind);
        }
        String conversation = play.field("conversation_id", "conversationId");
        Map<String, Object> whole = Map.of("conversation_id", conversation);
        if (conversation.isEmpty() || !play.can("email_thread_read", whole)) {
            return new Outcome("I have no way to read the thread.", "cannot read the thread");
        }
        Made read = play.act("Something waits in this thread. I read it whole first.", "email_thread_read", whole);
        if (!read.ok()) {
            return new Outcome(
                    "The thread could not be read: " + read.problem(), "thread not readable: " + read.code());
        }
        JsonNode thread = read.data();
        JsonNode answer = thread.path("answer");
        if (answer.isMissingNode() || answer.isNull()) {
            return new Outcome("Nothing in this thread waits for an answer.", "nothing to answer");
        }
        String waiting = answer.path("in_reply_to_interaction").asText();
        Optional<Made> before = play.scene()
                .last(
                        SEND,
                        m -> m.arguments()
                                .path("in_reply_to_interaction")
                                .asText()
                                .equals(waiting))
                .filter(m -> m.at() < play.at());
        if (before.isPresent()) {
            return outcome(before.get(), "");
        }
        String since = answer.path("drafted").path("since").asText("");
        if (play.type().equals(OVERDUE) && !since.isEmpty()) {
            return new Outcome(
                    "The answer is drafted already and waits for the owner since " + since + ". I draft no second one.",
                    "a reply waits for the owner since " + since);
        }
        Correspondent who = Correspondent.of(event, thread);
        // The gateway knows from the contact's record which language they read.
        Optional<Language> reads =
                play.scene().last(SEND, m -> m.code().equals(Play.PLAINER)).flatMap(m -> Language.ofName(m.problem()));
        if (reads.isPresent()) {
            who = who.reading(reads.get());
        }
        return draft(play, thread, who);
    }

    private static Outcome draft(Play play, JsonNode thread, Correspondent who) {
        String body = who.message().path("body_text").asText("");
        String subject = Text.first(thread.path("answer"), "subject");
        ChiefDecision way = ChiefDecision.of(Letter.bare(subject) + "\n" + Letter.own(body), play.paths());
        MailFacts facts = MailFacts.gather(play, way, who, Letter.question(body));
        Letter letter = new Letter(
                who.language(),
                Letter.firstName(who.name()),
                paragraphs(play, way, who, subject, facts),
                play.company());
        List<String> to = new ArrayList<>();
        thread.path("answer").path("to").forEach(a -> to.add(a.asText()));
        Map<String, Object> mail = Map.of(
                "conversation_id", thread.path("conversation").path("id").asText(),
                "in_reply_to_interaction",
                        thread.path("answer").path("in_reply_to_interaction").asText(),
                "to", to.isEmpty() ? List.of(who.address()) : to,
                "subject", subject.isBlank() ? "Re:" : subject,
                "body_text", letter.text());
        if (!play.can(SEND, mail)) {
            return new Outcome("I have no tool to answer with.", "cannot answer");
        }
        return outcome(play.act("I draft the reply; the owner decides whether it goes out.", SEND, mail), facts.told());
    }

    private static Outcome outcome(Made sent, String told) {
        String also = told.isEmpty() ? "" : "\n" + told;
        if (!sent.ok()) {
            return new Outcome(
                    "The draft was not accepted: " + sent.problem() + also, "reply not accepted: " + sent.code());
        }
        String proposal = sent.data().path("proposal_id").asText("");
        if (proposal.isEmpty() && !sent.status().equals("proposed")) {
            return new Outcome("The reply was sent." + also, "reply sent" + escalated(told));
        }
        return new Outcome(
                "The draft waits for the owner" + (proposal.isEmpty() ? "." : " as proposal " + proposal + ".") + also,
                "reply drafted, waits for the owner" + escalated(told));
    }

    private static String escalated(String told) {
        return told.contains(MailFacts.ESCALATION) ? "; " + MailFacts.ESCALATION : "";
    }

    private static List<String> paragraphs(
            Play play, ChiefDecision way, Correspondent who, String subject, MailFacts facts) {
        Language l = who.language();
        String about = Letter.bare(subject);
        String on = about.isEmpty() ? "" : l.say(" about \"" + about + "\"", " sobre «" + about + "»");
        List<String> out = new ArrayList<>();
        if (play.type().equals(OVERDUE)) {
            out.add(l.say(
                    "We are sorry that you had to wait for this answer.",
                    "Pedimos desculpa pela demora desta resposta."));
        }
        if (way == ChiefDecision.ESCALATE) {
            String sorry = l.say("We are sorry about what you describe.", "Lamentamos o que nos descreve.");
            String told = l.say(" The owner of our company has been told.", " A gerência já foi informada.");
            out.add(facts.escalated() ? sorry + told : sorry);
        }
        out.add(play.paths()
                .one(
                        "opening",
                        l.say("Thank you for your message" + on + ".", "Obrigado pela sua mensagem" + on + "."),
                        l.say("Thank you for writing to us" + on + ".", "Obrigado por nos escrever" + on + ".")));
        if (way == ChiefDecision.INLINE) {
            out.add(l.say(
                    "We have read it, and there is nothing more that we need from you.",
                    "Já a lemos, e não precisamos de mais nada da sua parte."));
            return out;
        }
        String asked = Letter.question(who.message().path("body_text").asText(""));
        if (!asked.isEmpty()) {
            out.add(l.say("You asked: \"" + asked + "\"", "Perguntou: «" + asked + "»"));
        }
        facts.change()
                .ifPresent(c -> out.add(l.say(
                        "This is what was done in the project: \"" + c + "\"",
                        "Foi isto que se fez no projeto: «" + c + "»")));
        facts.fact()
                .ifPresentOrElse(
                        f -> {
                            out.add(l.say("Our records say: \"" + f + "\"", "Nos nossos registos consta: «" + f + "»"));
                            out.add(l.say(
                                    "If this is not what you meant, please tell us and we will look again.",
                                    "Se não era isto que procurava, diga-nos, por favor, e voltamos a ver."));
                        },
                        () -> out.add(l.say(
                                "We have not found what is needed to answer this yet: " + facts.missing()
                                        + ". We are checking and will come back to you.",
                                "Ainda não encontrámos o que é preciso para lhe responder: " + facts.missing()
                                        + ". Estamos a verificar e voltaremos ao contacto.")));
        return out;
    }
}
