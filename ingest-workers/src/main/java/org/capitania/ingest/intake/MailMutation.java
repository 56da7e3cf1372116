package org.capitania.ingest.intake;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationOp;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.event.EmailReceived.Classification;
import org.capitania.contract.event.EmailReceived.Mailbox;
import org.capitania.ingest.mime.Attachment;
import org.capitania.ingest.mime.ParsedMail;
import org.jspecify.annotations.Nullable;

/** A mail as a change of the graph; the same row and plan give the same batch to the byte. */
final class MailMutation {
    private static final Instant FIRST_MAIL = Instant.parse("1982-01-01T00:00:00Z");

    private final EmailRow email;
    private final ParsedMail mail;
    private final LinkPlan plan;
    private final MailPeople people;
    private final Map<String, String> refs = new LinkedHashMap<>();
    private final List<MutationOp> ops = new ArrayList<>();
    private final @Nullable String about;

    private MailMutation(EmailRow email, LinkPlan plan) {
        this.email = email;
        this.plan = plan;
        mail = email.mail();
        people = MailPeople.of(mail);
        about = people.about(mail, own(), plan.entities());
    }

    static MailMutation of(EmailRow email, LinkPlan plan) {
        MailMutation mutation = new MailMutation(email, plan);
        mutation.build();
        return mutation;
    }

    MutationBatch batch() {
        return new MutationBatch(ops, List.of());
    }

    /** What the graph's answer says the mail became. */
    LinkedIds ids(MutationResult result) {
        MutationResult.OpResult interaction = result.byRef("mail");
        String known = plan.conversationId();
        MutationResult.OpResult conversation = known == null ? result.byRef("thread") : null;
        return new LinkedIds(
                UUID.fromString(interaction.id()),
                interaction.slug() == null ? interaction.id() : interaction.slug(),
                UUID.fromString(conversation == null ? String.valueOf(known) : conversation.id()),
                conversation == null || !conversation.created(),
                UUID.fromString(result.byRef(ref(mail.from().address())).id()),
                about == null ? null : UUID.fromString(about));
    }

    private boolean own() {
        return email.classification() == Classification.OWN;
    }

    private String ref(String address) {
        return refs.computeIfAbsent(address, a -> "p" + refs.size());
    }

    private void build() {
        ops.add(producer());
        people.byAddress().values().forEach(person -> ops.add(contact(person)));
        if (plan.conversationId() == null) {
            ops.add(conversation());
        }
        ops.add(interaction());
        String conversation = plan.conversationId() == null ? "@thread" : plan.conversationId();
        ops.add(link("part_of", "@mail", conversation, null));
        for (MailPeople.Part part : people.parts()) {
            ObjectNode props = Json.MAPPER.createObjectNode().put("address", part.address());
            ops.add(link(part.field(), "@mail", "@" + ref(part.address()), props));
        }
        plan.entities().forEach((address, entity) -> {
            if (people.byAddress().containsKey(address)) {
                ops.add(link("works_for", "@" + ref(address), entity, null));
            }
        });
        if (about != null) {
            ops.add(link("about", "@mail", about, null));
        }
    }

    private MutationOp producer() {
        String slug = "email:" + email.mailbox().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9:._@-]", "-");
        ObjectNode props = Json.MAPPER
                .createObjectNode()
                .put("name", "Mail to " + email.mailbox())
                .put("kind", "conversation_channel")
                .put("system", "email")
                .put("account", email.mailbox())
                .put("direction", "in")
                .put("trust", "external");
        return new MutationOp.Create(
                "source",
                "producer",
                slug,
                null,
                null,
                props,
                null,
                null,
                null,
                GraphLookups.SOURCE,
                email.mailbox(),
                true,
                null,
                null,
                null,
                null,
                null);
    }

    private MutationOp contact(Mailbox person) {
        ObjectNode props = Json.MAPPER.createObjectNode().put("email", person.address());
        if (person.name() != null) {
            props.put("name", person.name());
        }
        return create(ref(person.address()), "contact", props, person.address(), null);
    }

    private MutationOp conversation() {
        ObjectNode props =
                Json.MAPPER.createObjectNode().put("channel", "email").put("root_message_id", plan.root());
        if (mail.subject() != null) {
            props.put("subject", mail.subject().replaceFirst("(?i)^((re|fwd?|aw|res|enc|tr)\\s*:\\s*)+", ""));
        }
        return create("thread", "conversation", props, plan.root(), occurredAt());
    }

    private MutationOp interaction() {
        ObjectNode props = Json.MAPPER.createObjectNode();
        props.put("channel", "email").put("direction", own() ? "out" : "in");
        put(props, "subject", mail.subject());
        props.put("body_text", mail.bodyText());
        if (!mail.replyText().equals(mail.bodyText())) {
            props.put("reply_text", mail.replyText());
        }
        props.put("message_id", mail.messageId());
        put(props, "in_reply_to", mail.inReplyTo());
        strings(props, "references", mail.references());
        props.put("from", mail.from().address());
        put(props, "from_name", mail.from().name());
        addresses(props, "to", mail.to());
        addresses(props, "cc", mail.cc());
        addresses(props, "reply_to", mail.replyTo());
        put(props, "sent_at", mail.sentAt() == null ? null : mail.sentAt().toString());
        props.put("received_at", email.receivedAt().toString());
        props.put("classification", email.classification().name().toLowerCase(Locale.ROOT));
        props.put("answerable", email.answerable());
        if (!mail.attachments().isEmpty()) {
            props.set("attachments", attachments());
        }
        props.put("blob_sha256", email.sha256()).put("truncated", mail.truncated());
        strings(props, "defects", mail.defects());
        return create("mail", "interaction", props, mail.messageId(), occurredAt());
    }

    private ArrayNode attachments() {
        ArrayNode list = Json.MAPPER.createArrayNode();
        for (Attachment a : mail.attachments()) {
            list.addObject()
                    .put("name", a.name())
                    .put("content_type", a.contentType())
                    .put("size", a.size())
                    .put("sha256", a.sha256())
                    .put("inline", a.inline());
        }
        return list;
    }

    /** When it was sent, unless its Date cannot be true. */
    private Instant occurredAt() {
        Instant sent = mail.sentAt();
        if (sent == null
                || sent.isBefore(FIRST_MAIL)
                || sent.isAfter(email.receivedAt().plus(Duration.ofDays(1)))) {
            return email.receivedAt();
        }
        return sent;
    }

    private static MutationOp create(
            String ref, String type, ObjectNode props, String externalId, @Nullable Instant occurredAt) {
        return new MutationOp.Create(
                ref,
                type,
                null,
                null,
                null,
                props,
                null,
                "@source",
                null,
                GraphLookups.SOURCE,
                externalId,
                true,
                occurredAt,
                null,
                null,
                null,
                true);
    }

    private static MutationOp link(String type, String from, String to, @Nullable ObjectNode props) {
        return new MutationOp.Link(type, from, to, props, "@source", null, null, null, true);
    }

    private static void put(ObjectNode props, String name, @Nullable String value) {
        if (value != null) {
            props.put(name, value);
        }
    }

    private static void addresses(ObjectNode props, String name, List<Mailbox> mailboxes) {
        strings(props, name, mailboxes.stream().map(Mailbox::address).toList());
    }

    private static void strings(ObjectNode props, String name, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode list = props.putArray(name);
            values.forEach(list::add);
        }
    }
}
