package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.capitania.contract.event.EmailReceived.Classification;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one mail ({@code GET /v1/emails}, {@code GET /v1/emails/{id}}).
 *
 * @param status received, linked, stored; failed when a person has to look; refused when it was not taken
 * @param source where it came from, for example {@code http:user:owner}, {@code inbox:a.eml}, {@code imap:INBOX}
 * @param sha256 of its bytes; names its blob
 * @param reasons why it is what it is, and what was noticed about it, in words
 * @param duplicates how often it came again
 * @param attempts how often storing it in the graph has failed
 */
public record EmailView(
        String id,
        String status,
        String source,
        @Nullable String messageId,
        @Nullable String sha256,
        long size,
        @Nullable String from,
        @Nullable String subject,
        @Nullable Classification classification,
        boolean answerable,
        List<String> reasons,
        int attachments,
        Instant receivedAt,
        @Nullable String interactionId,
        @Nullable String interactionSlug,
        @Nullable String conversationId,
        @Nullable String contactId,
        @Nullable String entityId,
        int duplicates,
        int attempts,
        @Nullable Instant nextAttemptAt,
        @Nullable String lastError) {

    /** The latest mails, newest first. */
    public record Page(List<EmailView> items) {}
}
