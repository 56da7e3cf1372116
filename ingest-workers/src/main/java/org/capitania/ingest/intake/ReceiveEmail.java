package org.capitania.ingest.intake;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.ingest.classification.Classifier;
import org.capitania.ingest.classification.MailKind;
import org.capitania.ingest.mime.MailParser;
import org.capitania.ingest.mime.ParsedMail;
import org.capitania.ingest.mime.Reading;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** Takes one mail: when this returns it is kept, whatever happens next; what is no mail or too large is recorded and refused. */
@ApplicationScoped
public class ReceiveEmail {
    /** Who records it; outside content is never written in the name of the one who handed it in. */
    public static final String ACTOR = "worker:email_ingest";

    /** What is read and stored at once, in units of 256 KiB: a mail of 4 MiB and more is alone. */
    private static final int ROOM = 16;

    private static final long UNIT = 256 * 1024;

    private final Spool spool;
    private final BlobStore blobs;
    private final EmailStore emails;
    private final OwnAddresses own;
    private final IntakeConfig config;
    private final Sql sql;
    private final Semaphore room = new Semaphore(ROOM, true);

    ReceiveEmail(Spool spool, BlobStore blobs, EmailStore emails, OwnAddresses own, IntakeConfig config, Sql sql) {
        this.spool = spool;
        this.blobs = blobs;
        this.emails = emails;
        this.own = own;
        this.config = config;
        this.sql = sql;
    }

    /**
     * A mail that is kept.
     *
     * @param id the first one of this Message-ID
     * @param duplicate whether it was there before
     */
    public record Kept(UUID id, boolean duplicate) {}

    static Scope scope(Origin origin) {
        return Scope.of(origin.tenant(), ACTOR, "a mail came in through " + origin.source());
    }

    /** Reads the stream to its end; {@code NOT_AN_EMAIL} and {@code MESSAGE_TOO_LARGE} are refusals, and are recorded. */
    public Kept receive(Origin origin, InputStream body) throws IOException {
        try (Spooled spooled = spool.take(body)) {
            if (!spooled.complete()) {
                throw refuse(
                        origin,
                        spooled.sha256(),
                        spooled.size(),
                        ErrorCode.MESSAGE_TOO_LARGE,
                        tooLarge(spooled.size()));
            }
            int units = (int) Math.min(ROOM, spooled.size() / UNIT + 1);
            room.acquireUninterruptibly(units);
            try {
                return switch (MailParser.read(spooled.file(), spooled.sha256())) {
                    case Reading.NotAnEmail(String found) ->
                        throw refuse(
                                origin,
                                spooled.sha256(),
                                spooled.size(),
                                ErrorCode.NOT_AN_EMAIL,
                                "this is " + found + ", not an email (RFC 5322); nothing of it was stored");
                    case Reading.Mail(ParsedMail mail) -> keep(origin, spooled, mail);
                };
            } finally {
                room.release(units);
            }
        }
    }

    /** Refuses a mail by the size it is said to have, before anything of it was read. */
    public void requireRoomFor(Origin origin, long size) {
        if (size > config.largestMessage().asLongValue()) {
            throw refuse(origin, null, size, ErrorCode.MESSAGE_TOO_LARGE, tooLarge(size));
        }
    }

    private Kept keep(Origin origin, Spooled spooled, ParsedMail mail) {
        MailKind kind = Classifier.classify(mail, own.all());
        return sql.tx(scope(origin), tx -> {
            Optional<UUID> inserted = emails.insert(tx, origin, spooled, mail, kind, config.resumeAfter());
            if (inserted.isPresent()) {
                blobs.keep(tx, spooled.file(), spooled.sha256(), spooled.size());
                return new Kept(inserted.get(), false);
            }
            EmailRow first = emails.byMessageId(tx, mail.messageId());
            if (!first.sha256().equals(spooled.sha256())) {
                blobs.keep(tx, spooled.file(), spooled.sha256(), spooled.size());
            }
            emails.cameAgain(tx, first.id(), again(first, spooled, mail));
            return new Kept(first.id(), true);
        });
    }

    private static String again(EmailRow first, Spooled spooled, ParsedMail mail) {
        if (first.sha256().equals(spooled.sha256())) {
            return "it came again, the same to the byte";
        }
        if (first.mail().from().address().equals(mail.from().address())) {
            return "it came again with other bytes (blob " + spooled.sha256() + ")";
        }
        return "another sender, " + mail.from().address()
                + ", used its Message-ID for other content: one of the two may be forged (blob " + spooled.sha256()
                + ")";
    }

    private String tooLarge(long size) {
        return String.format(
                Locale.ROOT,
                "the mail has %.1f MB, more than the %d MB that are taken; nothing of it was stored. Ask for it without its attachments",
                size / 1048576.0,
                config.largestMessage().asLongValue() / 1048576);
    }

    private CapitaniaException refuse(
            Origin origin, @Nullable String sha256, long size, ErrorCode code, String reason) {
        sql.run(scope(origin), tx -> emails.refused(tx, origin, sha256, size, code.code(), reason));
        return new CapitaniaException(code, reason);
    }
}
