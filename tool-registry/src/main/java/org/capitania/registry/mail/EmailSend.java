package org.capitania.registry.mail;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.freezing.VisibleText;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Delivery;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.Draft.SeenFact;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.Presence;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** Answers a mail in its thread: only what a person wrote, only to people of the thread or known contacts, once. */
@ApplicationScoped
class EmailSend implements OutwardTool {
    private static final int HIDDEN_AT_MOST = 100;
    /** What mail programs make a link of; a path behind a name is enough. The name alone is not: every signature has one. */
    private static final Pattern LINK = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://|\\bwww\\.|\\bmailto:|\\bdata:"
            + "|(?<![\\p{L}\\p{N}-])(?:[\\p{L}\\p{N}-]+\\.\\p{L}{2,24}|\\d{1,3}(?:\\.\\d{1,3}){3})(?::\\d{1,5})?/\\S");

    private final Graph graph;
    private final MailConfig config;
    private final SmtpSender sender;
    private final SentStore sent;
    private final SentMailRecord record;

    EmailSend(Graph graph, MailConfig config, SmtpSender sender, SentStore sent, SentMailRecord record) {
        this.graph = graph;
        this.config = config;
        this.sender = sender;
        this.sent = sent;
        this.record = record;
    }

    @Override
    public String tool() {
        return "email_send";
    }

    @Override
    public Draft draft(Call call) {
        Conversation thread = Conversation.read(graph, call.scope(), call.text("conversation_id"));
        NodeView answered = answered(thread, call.text("in_reply_to_interaction"));
        List<Address> to = addresses(call.texts("to"), "/to");
        List<Address> cc = addresses(call.texts("cc"), "/cc");
        List<Address> all = new ArrayList<>(to);
        all.addAll(cc);
        Map<String, String> people = thread.people();
        List<SeenFact> facts = new ArrayList<>(List.of(Graph.fact(answered), Graph.fact(thread.node())));
        Map<String, String> names = new LinkedHashMap<>(people);
        for (Address address : all) {
            Optional<NodeView> contact = graph.contact(call.scope(), address.key());
            requireAllowed(address, people, contact.isPresent());
            contact.ifPresent(node -> {
                facts.add(Graph.fact(node));
                names.merge(address.key(), node.title(), (written, ours) -> ours);
            });
        }
        String key = Letter.businessKey(thread.node().id(), answered.id(), all);
        Letter letter = new Letter(
                Letter.messageId(key, config.from()),
                config.from(),
                config.fromName().orElse(null),
                to.stream().map(Address::text).toList(),
                cc.stream().map(Address::text).toList(),
                call.text("subject"),
                call.text("body_text"),
                Letter.id(answered.text("message_id")),
                references(answered),
                thread.node().id(),
                answered.id(),
                null);
        requireReadable(letter);
        names.values().removeIf(String::isBlank);
        return new Draft(
                key,
                letter.messageId(),
                thread.node().id(),
                answered.id(),
                facts,
                new LetterRendering(letter, names, people.keySet()).render(),
                letter.toJson(),
                plainAnswer(all, people, letter));
    }

    @Override
    public Delivery perform(Scope scope, JsonNode effect) {
        return sender.send(Letter.of(effect));
    }

    @Override
    public Presence look(Scope scope, JsonNode effect, Duration doubted) {
        return sent.look(Letter.of(effect).messageId(), doubted);
    }

    @Override
    public JsonNode record(Scope scope, String effectId, JsonNode effect, Instant at) {
        return record.write(scope, effectId, Letter.of(effect), at);
    }

    /** Text without addresses of pages: what is read cannot lead anybody elsewhere. */
    private static boolean plainAnswer(List<Address> all, Map<String, String> people, Letter letter) {
        return all.stream().allMatch(address -> people.containsKey(address.key()))
                && !LINK.matcher(letter.subject() + " " + letter.bodyText()).find();
    }

    private static NodeView answered(Conversation thread, String ref) {
        NodeView answered = thread.message(ref)
                .orElseThrow(() -> new CapitaniaException(
                                ErrorCode.NOT_FOUND,
                                ref + " is no message of conversation "
                                        + thread.node().slug())
                        .withHint("email_thread_read lists the messages of a conversation"));
        if (!Conversation.answerable(answered)) {
            String kind = answered.text("classification");
            throw new CapitaniaException(
                            ErrorCode.RECIPIENT_NOT_ALLOWED,
                            "message " + answered.slug() + " is not answered: it is "
                                    + (Conversation.inbound(answered)
                                            ? kind == null ? "unclassified" : kind
                                            : "our own"))
                    .withHint(
                            "only a mail that a person wrote to us is answered, never lists, automatic replies or bounces");
        }
        return answered;
    }

    private List<Address> addresses(List<String> texts, String path) {
        List<Address> addresses = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (int i = 0; i < texts.size(); i++) {
            Address address = Address.parse(texts.get(i), path + "/" + i);
            if (address.key().equals(Address.key(config.from()))) {
                throw new CapitaniaException(ErrorCode.RECIPIENT_NOT_ALLOWED, path + "/" + i + " is our own address");
            }
            if (seen.add(address.key())) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    private static void requireAllowed(Address address, Map<String, String> people, boolean contact) {
        if (!people.containsKey(address.key()) && !contact) {
            throw new CapitaniaException(
                            ErrorCode.RECIPIENT_NOT_ALLOWED,
                            address.text() + " is neither in this conversation nor a contact of the company")
                    .withHint("write to the people of the thread; the owner can add a contact");
        }
    }

    private static void requireReadable(Letter letter) {
        int hidden = VisibleText.of(letter.subject() + letter.bodyText()).hidden();
        if (hidden > HIDDEN_AT_MOST) {
            throw new CapitaniaException(
                            ErrorCode.RECIPIENT_NOT_ALLOWED, "the text has " + hidden + " invisible characters")
                    .withHint("write plain text");
        }
    }

    private static List<String> references(NodeView answered) {
        Set<String> ids = new LinkedHashSet<>();
        answered.props().path("references").forEach(r -> add(ids, r.asText()));
        add(ids, answered.text("in_reply_to"));
        add(ids, answered.text("message_id"));
        List<String> all = List.copyOf(ids);
        // The first names the thread; the latest are what clients join on. A header has its limits.
        return all.size() <= 30
                ? all
                : Stream.concat(all.stream().limit(1), all.stream().skip(all.size() - 29))
                        .toList();
    }

    private static void add(Set<String> ids, @Nullable String id) {
        String wire = Letter.id(id);
        if (wire != null) {
            ids.add(wire);
        }
    }
}
