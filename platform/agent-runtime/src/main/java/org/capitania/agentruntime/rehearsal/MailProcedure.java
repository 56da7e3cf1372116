package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.agentruntime.rehearsal.Scene.Made;
import org.capitania.agentruntime.rehearsal.Scene.Seen;

/** Answers a mail: reads its thread, asks operator for one fact, drafts the reply, and ends. Automated mail is never answered. */
final class MailProcedure implements Procedure {
    private static final String READ = "email_thread_read";
    private static final String ASK = "hq_agent";
    private static final String SEND = "email_send";

    private final String company;

    MailProcedure(String company) {
        this.company = company;
    }

    @Override
    public Move next(Scene scene) {
        Optional<Seen> mail = scene.mails().stream()
                .filter(m -> m.item().data().path("answerable").asBoolean(false))
                .reduce((a, b) -> b);
        if (mail.isEmpty()) {
            String kind =
                    scene.mails().getLast().item().data().path("classification").asText("automated mail");
            return Move.done(
                    "This is " + kind.replace('_', ' ') + ", which is never answered.", "not answered: " + kind);
        }
        Seen target = mail.get();
        JsonNode event = target.item().data();
        Optional<Made> read = scene.last(READ, m -> m.at() > target.at());
        if (read.isEmpty()) {
            return scene.has(READ)
                    ? new Move.Call(
                            "A mail came in. I read its whole thread first.",
                            READ,
                            Map.of(
                                    "conversation_id",
                                    event.path("conversationId")
                                            .asText(event.path("conversation_id")
                                                    .asText())))
                    : Move.done("I have no tool to read the thread.", "cannot read the thread");
        }
        if (!read.get().ok()) {
            return Move.done(
                    "The thread could not be read: " + read.get().problem(),
                    "thread not readable: " + read.get().code());
        }
        JsonNode answer = read.get().data().path("answer");
        if (answer.isMissingNode() || answer.isNull()) {
            return Move.done("Nothing in this thread waits for an answer.", "nothing to answer");
        }
        Optional<Made> asked = scene.last(
                ASK,
                m -> m.at() > read.get().at()
                        && m.arguments().path("action").asText().equals("ask"));
        if (asked.isEmpty() && scene.has(ASK)) {
            return new Move.Call(
                    "The reply needs a fact. Facts of the graph are operator's to give.",
                    ASK,
                    Map.of(
                            "action",
                            "ask",
                            "to",
                            "operator",
                            "text",
                            question(event, read.get().data())));
        }
        String answered = answer.path("in_reply_to_interaction").asText();
        Optional<Made> sent = scene.last(
                SEND,
                m -> m.arguments().path("in_reply_to_interaction").asText().equals(answered));
        if (sent.isEmpty()) {
            return scene.has(SEND)
                    ? new Move.Call(
                            "I draft the reply; the owner decides whether it goes out.",
                            SEND,
                            draft(event, read.get().data(), asked))
                    : Move.done("I have no tool to answer with.", "cannot answer");
        }
        return outcome(sent.get());
    }

    private static Move outcome(Made sent) {
        if (sent.ok()) {
            String proposal = sent.data().path("proposal_id").asText("");
            return Move.done(
                    "The draft waits for the owner" + (proposal.isEmpty() ? "." : " as proposal " + proposal + "."),
                    "reply drafted, waits for the owner");
        }
        return Move.done("The draft was not accepted: " + sent.problem(), "reply not accepted: " + sent.code());
    }

    private static String question(JsonNode event, JsonNode thread) {
        String name = event.path("from").path("name").asText("");
        String address = event.path("from").path("address").asText("");
        String entity = event.path("entity_id").asText("");
        String contact = event.path("contact_id").asText("");
        String who = name.isBlank() ? address : name + " <" + address + ">";
        String subject = event.path("subject")
                .asText(thread.path("conversation").path("subject").asText(""));
        return "What do our records say about who wrote this mail? Sender: " + who + ". Subject: \"" + subject + "\". "
                + (entity.isEmpty() ? "" : "Entity: " + entity + ". ")
                + (contact.isEmpty() ? "" : "Contact: " + contact + ". ")
                + "One fact with its source, please; say so if nothing is recorded.";
    }

    private Map<String, Object> draft(JsonNode event, JsonNode thread, Optional<Made> asked) {
        JsonNode answer = thread.path("answer");
        JsonNode message =
                answered(thread, answer.path("in_reply_to_interaction").asText());
        String body = message.path("body_text").asText("");
        String subject = answer.path("subject").asText(message.path("subject").asText(""));
        Optional<String> fact = asked.filter(Made::ok)
                .flatMap(m -> AnswerProcedure.fact(m.data().path("reply").asText("")));
        Language language = Language.of(subject + "\n" + body);
        Letter letter = new Letter(
                language,
                Letter.firstName(event.path("from").path("name").asText("")),
                subject,
                Letter.question(body),
                fact,
                missing(language, event, asked),
                company);
        List<String> to = new ArrayList<>();
        answer.path("to").forEach(a -> to.add(a.asText()));
        if (to.isEmpty()) {
            to.add(event.path("from").path("address").asText());
        }
        return Map.of(
                "conversation_id", thread.path("conversation").path("id").asText(),
                "in_reply_to_interaction",
                        answer.path("in_reply_to_interaction").asText(),
                "to", to,
                "subject", subject.isBlank() ? "Re:" : subject,
                "body_text", letter.text());
    }

    private static JsonNode answered(JsonNode thread, String id) {
        JsonNode found = thread.path("messages").path(-1);
        for (JsonNode message : thread.path("messages")) {
            if (message.path("id").asText().equals(id)) {
                found = message;
            }
        }
        return found;
    }

    private static String missing(Language language, JsonNode event, Optional<Made> asked) {
        String address = event.path("from").path("address").asText("");
        boolean unreached = asked.isEmpty() || !asked.get().ok();
        if (language == Language.PORTUGUESE) {
            return unreached
                    ? "não foi possível consultar os nossos registos"
                    : "não temos nada registado sobre " + address;
        }
        return unreached ? "our records could not be consulted" : "nothing is recorded about " + address;
    }
}
