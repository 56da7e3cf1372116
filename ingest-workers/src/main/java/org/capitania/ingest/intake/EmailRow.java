package org.capitania.ingest.intake;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.EmailReceipt;
import org.capitania.contract.event.EmailReceived.Classification;
import org.capitania.ingest.mime.ParsedMail;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/** A row of {@code emails}. */
record EmailRow(
        UUID id,
        String messageId,
        String sha256,
        long size,
        String source,
        String mailbox,
        EmailStatus status,
        Classification classification,
        boolean answerable,
        List<String> reasons,
        ParsedMail mail,
        Instant receivedAt,
        @Nullable LinkPlan plan,
        @Nullable UUID conversationId,
        @Nullable UUID interactionId,
        @Nullable String interactionSlug,
        int attempts,
        int outages,
        @Nullable String lastError) {

    static final String COLUMNS = """
            id, message_id, sha256, size, source, mailbox, status, classification, answerable, reasons, mail::text AS mail,
            received_at, plan::text AS plan, conversation_id, interaction_id, interaction_slug, attempts, outages, last_error""";

    static EmailRow of(Row row) {
        String plan = row.getString("plan");
        return new EmailRow(
                row.getUUID("id"),
                row.getString("message_id"),
                row.getString("sha256"),
                row.getLong("size"),
                row.getString("source"),
                row.getString("mailbox"),
                EmailStatus.of(row.getString("status")),
                Classification.valueOf(row.getString("classification").toUpperCase(Locale.ROOT)),
                row.getBoolean("answerable"),
                List.of(row.getArrayOfStrings("reasons")),
                Json.read(row.getString("mail"), ParsedMail.class),
                Times.instant(row, "received_at"),
                plan == null ? null : Json.read(plan, LinkPlan.class),
                row.getUUID("conversation_id"),
                row.getUUID("interaction_id"),
                row.getString("interaction_slug"),
                row.getInteger("attempts"),
                row.getInteger("outages"),
                row.getString("last_error"));
    }

    /** What the sender of a stored mail is told. */
    EmailReceipt receipt(boolean duplicate) {
        if (interactionId == null || interactionSlug == null || conversationId == null) {
            throw new IllegalStateException("mail " + id + " is not stored");
        }
        return new EmailReceipt(
                interactionId.toString(),
                interactionSlug,
                conversationId.toString(),
                duplicate,
                id.toString(),
                classification);
    }
}
