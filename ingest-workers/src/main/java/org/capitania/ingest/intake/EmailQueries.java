package org.capitania.ingest.intake;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.api.EmailView;
import org.capitania.contract.event.EmailReceived.Classification;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/** What happened to each mail, the refused ones included. */
@ApplicationScoped
class EmailQueries {
    private static final String ALL = """
            SELECT * FROM (
                SELECT id, status, source, message_id, sha256, size, mail #>> '{from,address}' AS sender, mail ->> 'subject' AS subject,
                       classification, answerable, reasons, jsonb_array_length(mail -> 'attachments') AS attachments, received_at,
                       interaction_id, interaction_slug, conversation_id, contact_id, entity_id, duplicates, attempts + outages AS attempts,
                       next_attempt_at, last_error
                FROM emails
                UNION ALL
                SELECT id, 'refused', source, NULL, sha256, size, NULL, NULL, NULL, false, ARRAY[code || ': ' || reason], 0, refused_at,
                       NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL
                FROM refusals
            ) happened
            """;

    private final Sql sql;

    EmailQueries(Sql sql) {
        this.sql = sql;
    }

    EmailView.Page latest(Scope scope, @Nullable String status, int limit) {
        return sql.tx(scope, tx -> {
            List<EmailView> items = new ArrayList<>();
            for (Row row : tx.query(
                    ALL + " WHERE $1::text IS NULL OR status = $1 ORDER BY received_at DESC, id DESC LIMIT $2",
                    status,
                    limit)) {
                items.add(view(row));
            }
            return new EmailView.Page(items);
        });
    }

    Optional<EmailView> one(Scope scope, UUID id) {
        return sql.tx(scope, tx -> tx.one(ALL + " WHERE id = $1", id).map(EmailQueries::view));
    }

    private static EmailView view(Row row) {
        String classification = row.getString("classification");
        return new EmailView(
                row.getUUID("id").toString(),
                row.getString("status"),
                row.getString("source"),
                row.getString("message_id"),
                row.getString("sha256"),
                row.getLong("size"),
                row.getString("sender"),
                row.getString("subject"),
                classification == null ? null : Classification.valueOf(classification.toUpperCase(Locale.ROOT)),
                row.getBoolean("answerable"),
                List.of(row.getArrayOfStrings("reasons")),
                row.getInteger("attachments"),
                Times.instant(row, "received_at"),
                text(row, "interaction_id"),
                row.getString("interaction_slug"),
                text(row, "conversation_id"),
                text(row, "contact_id"),
                text(row, "entity_id"),
                row.getInteger("duplicates"),
                row.getInteger("attempts"),
                Times.instantOrNull(row, "next_attempt_at"),
                row.getString("last_error"));
    }

    private static @Nullable String text(Row row, String column) {
        UUID id = row.getUUID(column);
        return id == null ? null : id.toString();
    }
}
