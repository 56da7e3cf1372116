package org.capitania.ingest.mime;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.capitania.contract.event.EmailReceived.Mailbox;
import org.jspecify.annotations.Nullable;

/**
 * What a mail says, in clean Unicode; equal bytes give an equal record.
 *
 * @param messageId with angle brackets; {@code <sha256@ingest.invalid>} when the mail has none
 * @param inReplyTo the mail it answers; of a bounce the mail that came back
 * @param references oldest first
 * @param from the first author; {@code unknown@ingest.invalid} when nobody is named
 * @param authors all of From, when there are several
 * @param sentAt the Date header, else the date of the last Received header
 * @param bodyText the text, at most {@link MailParser#BODY_LIMIT} bytes of UTF-8
 * @param replyText the text without the quoted history; the whole text when all of it is quoted
 * @param truncated whether the text was cut
 * @param signals the headers that tell what kind of mail it is, by lower-case name
 * @param defects what was wrong with it and how it was read nevertheless
 */
public record ParsedMail(
        String messageId,
        boolean messageIdSynthesised,
        @Nullable String inReplyTo,
        List<String> references,
        Mailbox from,
        List<Mailbox> authors,
        List<Mailbox> replyTo,
        List<Mailbox> to,
        List<Mailbox> cc,
        @Nullable String subject,
        @Nullable Instant sentAt,
        String bodyText,
        String replyText,
        boolean truncated,
        List<Attachment> attachments,
        Map<String, String> signals,
        List<String> defects) {}
