package org.capitania.registry.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import org.capitania.contract.Json;
import org.capitania.registry.freezing.Canonical;
import org.jspecify.annotations.Nullable;

/**
 * One mail exactly as it goes out: the effect that is frozen, shown, approved and sent.
 *
 * <p>Message ids have the form they have on the wire and in the graph, with angle brackets: a copy of a sent mail that comes in is known by its id.
 *
 * @param messageId it follows from the business key, so that the same answer has the same id for ever
 * @param inReplyTo the id of the mail it answers
 * @param references the ids of the thread, oldest first
 * @param conversationId the graph's node; null for a letter that is in no conversation
 * @param interactionId the node of the mail it answers, where it answers one
 * @param aboutId the node it is about, where it answers none
 */
record Letter(
        String messageId,
        String from,
        @Nullable String fromName,
        List<String> to,
        List<String> cc,
        String subject,
        String bodyText,
        @Nullable String inReplyTo,
        List<String> references,
        @Nullable String conversationId,
        @Nullable String interactionId,
        @Nullable String aboutId) {

    Letter {
        // A letter that was frozen by an older version has its ids without brackets.
        messageId = Objects.requireNonNull(id(messageId), "a letter needs a message id");
        inReplyTo = id(inReplyTo);
        references =
                references.stream().map(Letter::id).filter(Objects::nonNull).toList();
    }

    /** A message id with its brackets; null when it has a blank or a control character in it, which would break a header. */
    static @Nullable String id(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String bare = text.strip().replaceAll("^<|>$", "");
        return bare.isEmpty() || !bare.matches("[\\x21-\\x3B\\x3D\\x3F-\\x7E]+") ? null : "<" + bare + ">";
    }

    /** SHA-256 of thread, recipients and what is answered (decision 15); the order and the case of addresses do not matter. */
    static String businessKey(String conversationId, String interactionId, List<Address> recipients) {
        List<String> keys =
                recipients.stream().map(Address::key).distinct().sorted().toList();
        return Canonical.sha256("email_send", conversationId, String.join(",", keys), interactionId);
    }

    static String messageId(String businessKey, String from) {
        return "<" + Canonical.sha256(businessKey).substring(0, 32) + "@"
                + Address.key(from).substring(Address.key(from).lastIndexOf('@') + 1) + ">";
    }

    ObjectNode toJson() {
        return (ObjectNode) Json.tree(this);
    }

    static Letter of(JsonNode effect) {
        return Json.convert(effect, Letter.class);
    }
}
