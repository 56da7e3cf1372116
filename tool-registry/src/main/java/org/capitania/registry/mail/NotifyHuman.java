package org.capitania.registry.mail;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.graph.Insiders;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Delivery;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.Presence;
import org.capitania.registry.notify.NotifyLimit;
import org.capitania.servicekit.Scope;

/** A mail to the person of the company on whose list an issue is: nobody outside, and the same words once. */
@ApplicationScoped
class NotifyHuman implements OutwardTool {
    private static final Set<String> OVER = Set.of("done", "cancelled");

    private final Graph graph;
    private final Insiders insiders;
    private final NotifyLimit limit;
    private final MailConfig config;
    private final SmtpSender sender;
    private final SentStore sent;
    private final SentMailRecord record;

    NotifyHuman(
            Graph graph,
            Insiders insiders,
            NotifyLimit limit,
            MailConfig config,
            SmtpSender sender,
            SentStore sent,
            SentMailRecord record) {
        this.graph = graph;
        this.insiders = insiders;
        this.limit = limit;
        this.config = config;
        this.sender = sender;
        this.sent = sent;
        this.record = record;
    }

    @Override
    public String tool() {
        return "notify_human";
    }

    @Override
    public Draft draft(Call call) {
        limit.require(call);
        NodeView issue = graph.node(call.scope(), call.text("issue"), "task");
        if (OVER.contains(String.valueOf(issue.status()))) {
            throw refused(issue.slug() + " is " + issue.status() + " already", "open a new issue first");
        }
        NodeView person = person(call, issue);
        Address address = Address.parse(address(call.scope(), person), "/to");
        String named = call.textOrNull("to");
        if (named != null && named.indexOf('@') >= 0 && !Address.key(named).equals(address.key())) {
            // What was graduated is the address that the call names.
            throw refused(person.title() + " is reached at another address now", "name the contact, not the address");
        }
        String text = call.text("text").strip();
        // Somebody's words: in a header and in our text they are one line.
        String title = issue.title().replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        String key = Canonical.sha256(tool(), issue.id(), address.key(), text);
        Letter letter = new Letter(
                Letter.messageId(key, config.from()),
                config.from(),
                config.fromName().orElse(null),
                List.of(address.text()),
                List.of(),
                cut("Needs you: " + title),
                text + "\n\nIt is on your list as: " + title + " (" + issue.slug() + ")\n\n" + call.role()
                        + ", an agent of the company\n",
                null,
                List.of(),
                null,
                null,
                issue.id());
        return new Draft(
                key,
                letter.messageId(),
                null,
                null,
                List.of(Graph.fact(issue), Graph.fact(person)),
                new LetterRendering(letter, Map.of(address.key(), person.title()), Set.of(address.key())).render(),
                letter.toJson(),
                false);
    }

    /** A header of a length that fits. */
    private static String cut(String line) {
        return line.length() <= 200 ? line : line.substring(0, 200);
    }

    /** Whom the call names, else on whose list the issue is. */
    private NodeView person(Call call, NodeView issue) {
        String named = call.textOrNull("to");
        if (named != null) {
            return named.indexOf('@') < 0
                    ? graph.node(call.scope(), named, "contact")
                    : graph.contact(call.scope(), Address.key(named))
                            .orElseThrow(() -> refused(named + " is no contact", "name one with hq_search"));
        }
        return graph.linked(call.scope(), issue.id(), "driven_by", EdgeView.Direction.OUT).stream()
                .filter(driver -> driver.type().equals("contact"))
                .findFirst()
                .map(driver -> graph.node(call.scope(), driver.id()))
                .orElseThrow(() -> refused(
                        issue.slug() + " is on no contact's list",
                        "name a contact of the company with to; the owner is told by chief, with notify_owner"));
    }

    private String address(Scope scope, NodeView person) {
        if (!insiders.inside(scope, person)) {
            throw refused(
                    person.title() + " is nobody of the company",
                    "this reaches people of the company only; chief answers people outside with email_send");
        }
        String address = person.text("email");
        if (address == null) {
            throw refused(person.title() + " has no mail address", "the owner can add one to the contact");
        }
        return address;
    }

    private static CapitaniaException refused(String why, String hint) {
        return new CapitaniaException(ErrorCode.RECIPIENT_NOT_ALLOWED, why).withHint(hint);
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
}
