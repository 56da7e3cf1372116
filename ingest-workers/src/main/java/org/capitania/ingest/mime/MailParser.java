package org.capitania.ingest.mime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;
import org.capitania.contract.event.EmailReceived.Mailbox;
import org.jspecify.annotations.Nullable;

/** Reads a mail from a file, however broken; memory stays bounded whatever its size. */
public final class MailParser {
    /** Bytes of UTF-8 that are kept of a mail's text; the rest is in its blob. */
    public static final int BODY_LIMIT = 100 * 1024;

    static final int MAX_DEFECTS = 30;
    private static final int MAX_DEPTH = 30;
    private static final int MAX_PARTS = 1000;
    private static final String NOBODY = "unknown@ingest.invalid";

    private static final MimeConfig LENIENT = MimeConfig.custom()
            .setMaxContentLen(-1)
            .setMaxHeaderCount(-1)
            .setMaxHeaderLen(-1)
            .setMaxLineLen(-1)
            .build();

    private static final Set<String> MAIL_FIELDS = Set.of(
            "from",
            "to",
            "cc",
            "bcc",
            "subject",
            "date",
            "message-id",
            "received",
            "return-path",
            "sender",
            "reply-to",
            "mime-version",
            "content-type",
            "delivered-to",
            "in-reply-to",
            "references");

    private static final List<String> SIGNALS = List.of(
            "auto-submitted",
            "feedback-id",
            "list-id",
            "list-post",
            "list-unsubscribe",
            "precedence",
            "return-path",
            "x-auto-response-suppress",
            "x-autoreply",
            "x-autorespond",
            "x-failed-recipients",
            "x-loop",
            "sender");

    private MailParser() {}

    /** @param sha256 of the file's bytes, hexadecimal; names a mail that has no Message-ID */
    public static Reading read(Path file, String sha256) {
        Attempt first = attempt(file, sha256, null);
        return first.boundary() == null
                ? first.reading()
                : attempt(file, sha256, first.boundary()).reading();
    }

    /** @param boundary what separates the parts, when the header does not say it and the text shows it */
    private record Attempt(Reading reading, @Nullable String boundary) {}

    private static Attempt attempt(Path file, String sha256, @Nullable String boundary) {
        try (DiskStream disk = DiskStream.open(file)) {
            return switch (MailStart.find(disk)) {
                case MailStart.Start.Other other -> new Attempt(new Reading.NotAnEmail(other.found()), null);
                case MailStart.Start.At at -> walk(at, sha256, boundary);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Attempt walk(MailStart.Start.At at, String sha256, @Nullable String boundary) {
        LenientFields fields = new LenientFields(boundary);
        MimeTokenStream stream = new MimeTokenStream(LENIENT, null, fields, null);
        List<String> defects = new ArrayList<>();
        BodyCollector bodies = new BodyCollector(defects);
        PartHeader top = new PartHeader();
        PartHeader header = top;
        int depth = 0;
        int parts = 0;
        boolean topDone = false;
        try {
            stream.parse(at.stream());
            for (EntityState s = stream.getState(); s != EntityState.T_END_OF_STREAM; s = stream.next()) {
                switch (s) {
                    case T_START_HEADER -> {
                        if (topDone) {
                            header = new PartHeader();
                        }
                        parts++;
                    }
                    case T_FIELD -> header.add(fields.name(), fields.value());
                    case T_END_HEADER -> {
                        if (!topDone && !isMail(top)) {
                            return notAnEmail(at);
                        }
                        topDone = true;
                        stream.setRecursionMode(mode(header, depth));
                    }
                    case T_START_MULTIPART -> {
                        depth++;
                        bodies.startMultipart(header);
                    }
                    case T_PREAMBLE -> bodies.preamble(stream.getInputStream());
                    case T_END_MULTIPART -> {
                        depth--;
                        bodies.endMultipart();
                    }
                    case T_BODY -> bodies.leaf(header, stream.getDecodedInputStream());
                    default -> {}
                }
                if (parts > MAX_PARTS) {
                    defects.add("only the first " + MAX_PARTS + " parts were read");
                    break;
                }
            }
        } catch (MimeException | IOException e) {
            // The structure is broken beyond what mime4j can follow; what was read until here is the mail.
            defects.add("the structure is broken: " + CleanText.line(String.valueOf(e.getMessage())));
        }
        if (!isMail(top)) {
            return notAnEmail(at);
        }
        if (boundary != null) {
            defects.add("the boundary of its parts was guessed");
        }
        Reading read = new Reading.Mail(assemble(top, bodies, defects, sha256));
        return new Attempt(read, boundary == null ? bodies.likelyBoundary() : null);
    }

    private static Attempt notAnEmail(MailStart.Start.At at) {
        return new Attempt(
                new Reading.NotAnEmail(
                        at.binary() ? "binary data" : "text without a mail header (no From, To, Date or Subject)"),
                null);
    }

    private static RecursionMode mode(PartHeader header, int depth) {
        ContentHeader type = header.contentType();
        boolean multipart = type.is("multipart/");
        String boundary = type.parameters().get("boundary");
        return depth >= MAX_DEPTH || (multipart && (boundary == null || boundary.isBlank() || boundary.length() > 1000))
                ? RecursionMode.M_FLAT
                : RecursionMode.M_NO_RECURSE;
    }

    private static boolean isMail(PartHeader top) {
        int known = 0;
        for (String name : top.names()) {
            known += MAIL_FIELDS.contains(name) ? 1 : 0;
        }
        return top.has("from") || top.has("received") || top.has("return-path") || known >= 2;
    }

    private static ParsedMail assemble(PartHeader top, BodyCollector bodies, List<String> defects, String sha256) {
        Optional<String> id = MessageIds.own(top.first("message-id"));
        if (id.isEmpty()) {
            defects.add("it has no Message-ID; one was made from its bytes");
        }
        List<String> references = MessageIds.parse(top.joined("references"));
        List<String> answered = MessageIds.parse(top.joined("in-reply-to"));
        String inReplyTo = answered.isEmpty() ? bodies.returnedId() : answered.getFirst();
        BodyCollector.Piece body = bodies.body();
        String text = CleanText.cut(body.text(), BODY_LIMIT);
        boolean truncated = body.cut() || text.length() < body.text().length();
        String subject = line(top.first("subject"));
        List<Mailbox> authors = Addresses.parse(top.joined("from"));
        return new ParsedMail(
                id.orElseGet(() -> MessageIds.synthesised(sha256)),
                id.isEmpty(),
                inReplyTo,
                references,
                from(top, authors, defects),
                authors.size() > 1 ? authors : List.of(),
                Addresses.parse(top.joined("reply-to")),
                Addresses.parse(top.joined("to")),
                Addresses.parse(top.joined("cc")),
                subject,
                sentAt(top, defects),
                text,
                CleanText.cut(ReplyText.of(text), BODY_LIMIT),
                truncated,
                bodies.attachments(),
                signals(top),
                List.copyOf(defects));
    }

    private static Mailbox from(PartHeader top, List<Mailbox> authors, List<String> defects) {
        if (!authors.isEmpty()) {
            return authors.getFirst();
        }
        defects.add("From names no address");
        for (String field : List.of("sender", "reply-to", "return-path")) {
            List<Mailbox> others = Addresses.parse(top.first(field));
            if (!others.isEmpty()) {
                return others.getFirst();
            }
        }
        return new Mailbox(NOBODY, line(top.first("from")));
    }

    private static @Nullable Instant sentAt(PartHeader top, List<String> defects) {
        Optional<Instant> date = MailDates.parse(top.first("date"));
        if (date.isEmpty()) {
            defects.add(top.has("date") ? "its Date cannot be read" : "it has no Date");
            String received = top.first("received");
            date = received == null
                    ? Optional.empty()
                    : MailDates.parse(received.substring(received.lastIndexOf(';') + 1));
        }
        return date.orElse(null);
    }

    private static Map<String, String> signals(PartHeader top) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String name : SIGNALS) {
            String value = top.first(name);
            if (value != null) {
                found.put(name, CleanText.cut(CleanText.line(EncodedWords.decode(value)), 1000));
            }
        }
        ContentHeader type = top.contentType();
        if (!type.value().isEmpty()) {
            found.put("content-type", CleanText.cut(CleanText.line(type.value()), 200));
        }
        String report = type.parameters().get("report-type");
        if (report != null) {
            found.put("report-type", CleanText.cut(CleanText.line(report.toLowerCase(Locale.ROOT)), 200));
        }
        return Collections.unmodifiableMap(found);
    }

    private static @Nullable String line(@Nullable String header) {
        String text = header == null ? "" : CleanText.cut(CleanText.line(EncodedWords.decode(header)), 1000);
        return text.isEmpty() ? null : text;
    }
}
