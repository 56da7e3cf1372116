package org.capitania.ingest.intake;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.ingest.classification.MailKind;
import org.capitania.ingest.mime.ParsedMail;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** The statements on {@code emails} and {@code refusals}; times are the database's. */
@ApplicationScoped
class EmailStore {
    private static final int MAX_REASONS = 20;

    private final Ids ids;

    EmailStore(Ids ids) {
        this.ids = ids;
    }

    /** Inserts a mail; empty when one of this Message-ID is there. Waits for a transaction that is inserting the same. */
    Optional<UUID> insert(Tx tx, Origin origin, Spooled spooled, ParsedMail mail, MailKind kind, Duration resumeAfter) {
        List<String> reasons = new ArrayList<>(kind.reasons());
        reasons.addAll(mail.defects());
        return tx.one(
                        """
                        INSERT INTO emails (id, message_id, sha256, size, source, mailbox, classification, answerable, reasons, mail, next_attempt_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb, clock_timestamp() + $11 * interval '1 millisecond')
                        ON CONFLICT (tenant_id, message_id) DO NOTHING
                        RETURNING id
                        """,
                        ids.v7(),
                        mail.messageId(),
                        spooled.sha256(),
                        spooled.size(),
                        origin.source(),
                        origin.mailbox(),
                        kind.classification().name().toLowerCase(Locale.ROOT),
                        kind.answerable(),
                        reasons.toArray(String[]::new),
                        Json.write(mail),
                        (double) resumeAfter.toMillis())
                .map(row -> row.getUUID("id"));
    }

    EmailRow byMessageId(Tx tx, String messageId) {
        return EmailRow.of(tx.one("SELECT " + EmailRow.COLUMNS + " FROM emails WHERE message_id = $1", messageId)
                .orElseThrow(() -> new IllegalStateException("a mail that was in the way is gone")));
    }

    Optional<EmailRow> byId(Tx tx, UUID id) {
        return tx.one("SELECT " + EmailRow.COLUMNS + " FROM emails WHERE id = $1", id)
                .map(EmailRow::of);
    }

    void cameAgain(Tx tx, UUID id, String reason) {
        tx.execute("""
                UPDATE emails
                SET duplicates = duplicates + 1,
                    reasons = CASE WHEN cardinality(reasons) < $3 AND NOT $2 = ANY (reasons) THEN array_append(reasons, $2) ELSE reasons END
                WHERE id = $1
                """, id, reason, MAX_REASONS);
    }

    /** It turned out to be a copy of a mail that we sent. */
    EmailRow own(Tx tx, UUID id, String reason) {
        tx.execute("""
                UPDATE emails SET classification = 'own', answerable = false, reasons = array_append(reasons, $2)
                WHERE id = $1 AND status = 'received' AND classification <> 'own'
                """, id, reason);
        return byId(tx, id).orElseThrow();
    }

    void linked(Tx tx, UUID id, LinkPlan plan) {
        tx.execute(
                "UPDATE emails SET status = 'linked', plan = $2::text::jsonb WHERE id = $1 AND status = 'received'",
                id,
                Json.write(plan));
    }

    /** Whether it was this call that finished the mail. */
    boolean stored(Tx tx, UUID id, LinkedIds linked) {
        return tx.execute(
                        """
                        UPDATE emails
                        SET status = 'stored', stored_at = clock_timestamp(), next_attempt_at = NULL, last_error = NULL,
                            interaction_id = $2, interaction_slug = $3, conversation_id = $4, contact_id = $5, entity_id = $6
                        WHERE id = $1 AND status = 'linked'
                        """,
                        id,
                        linked.interaction(),
                        linked.interactionSlug(),
                        linked.conversation(),
                        linked.contact(),
                        linked.entity())
                == 1;
    }

    /** Reserves a mail that is due for one attempt; false when another worker has it. */
    boolean claim(Tx tx, UUID id, Duration lease) {
        return tx.execute("""
                        UPDATE emails SET next_attempt_at = clock_timestamp() + $2 * interval '1 millisecond'
                        WHERE id = $1 AND next_attempt_at <= clock_timestamp()
                        """, id, (double) lease.toMillis()) == 1;
    }

    List<UUID> due(Tx tx, int limit) {
        List<UUID> due = new ArrayList<>();
        for (Row row : tx.query(
                "SELECT id FROM emails WHERE next_attempt_at <= clock_timestamp() ORDER BY next_attempt_at LIMIT $1",
                limit)) {
            due.add(row.getUUID("id"));
        }
        return due;
    }

    /** A peer did not answer: later again, without end. */
    void postponed(Tx tx, UUID id, Duration pause, String error) {
        tx.execute("""
                UPDATE emails
                SET outages = outages + 1, last_error = $3, next_attempt_at = clock_timestamp() + $2 * interval '1 millisecond'
                WHERE id = $1 AND next_attempt_at IS NOT NULL
                """, id, (double) pause.toMillis(), error);
    }

    /** An attempt failed; without a pause it was the last one. */
    void faulted(Tx tx, UUID id, @Nullable Duration pause, String error) {
        tx.execute("""
                UPDATE emails
                SET attempts = attempts + 1, last_error = $3,
                    status = CASE WHEN $2::float8 IS NULL THEN 'failed' ELSE status END,
                    next_attempt_at = clock_timestamp() + $2::float8 * interval '1 millisecond'
                WHERE id = $1 AND next_attempt_at IS NOT NULL
                """, id, pause == null ? null : (double) pause.toMillis(), error);
    }

    /** Peers answer again: nobody need wait out the pause of an outage. */
    void hurry(Tx tx) {
        tx.execute(
                "UPDATE emails SET next_attempt_at = clock_timestamp() WHERE next_attempt_at IS NOT NULL AND outages > 0");
    }

    /** Mails that were given up are tried again from where they were; open ones at once. */
    int requeue(Tx tx) {
        tx.execute(
                "UPDATE emails SET next_attempt_at = clock_timestamp() WHERE next_attempt_at IS NOT NULL AND last_error IS NOT NULL");
        return tx.execute("""
                UPDATE emails
                SET status = CASE WHEN plan IS NULL THEN 'received' ELSE 'linked' END, attempts = 0, next_attempt_at = clock_timestamp()
                WHERE status = 'failed'
                """);
    }

    /** Notes a refusal; once for a file or a message that a crash makes us read again. */
    void refused(Tx tx, Origin origin, @Nullable String sha256, long size, String code, String reason) {
        tx.execute("""
                INSERT INTO refusals (id, sha256, size, source, code, reason)
                SELECT $1, $2, $3, $4, $5, $6
                WHERE NOT EXISTS (SELECT FROM refusals WHERE source = $4 AND sha256 = $2 AND code = $5 AND $4 NOT LIKE 'http:%')
                """, ids.v7(), sha256, size, origin.source(), code, reason);
    }
}
