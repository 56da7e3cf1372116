package org.capitania.contract.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mail was stored ({@code email.received}; the same shape as {@code email.thread.updated}); key: the conversation.
 *
 * @param classification what kind of mail it is; only a {@code person}'s is answerable
 * @param answerable whether an answer may be drafted at all: never for lists, auto-replies, bounces and our own mail
 */
public record EmailReceived(
        String emailId,
        String messageId,
        String interactionId,
        String interactionSlug,
        String conversationId,
        String contactId,
        @Nullable String entityId,
        Mailbox from,
        List<Mailbox> to,
        List<Mailbox> cc,
        @Nullable String subject,
        Classification classification,
        boolean answerable,
        int attachments,
        Instant receivedAt) {
    public static final String TYPE = "email.received";
    public static final String THREAD_UPDATED = "email.thread.updated";

    /** An address with its display name. */
    public record Mailbox(String address, @Nullable String name) {}

    /** What kind of mail it is. */
    public enum Classification {
        @com.fasterxml.jackson.annotation.JsonProperty("person")
        PERSON,
        @com.fasterxml.jackson.annotation.JsonProperty("mailing_list")
        MAILING_LIST,
        @com.fasterxml.jackson.annotation.JsonProperty("auto_reply")
        AUTO_REPLY,
        @com.fasterxml.jackson.annotation.JsonProperty("bounce")
        BOUNCE,
        @com.fasterxml.jackson.annotation.JsonProperty("own")
        OWN
    }
}
