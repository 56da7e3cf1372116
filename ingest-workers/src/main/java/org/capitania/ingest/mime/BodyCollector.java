package org.capitania.ingest.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes the parts of a mail as they stream by: keeps the text a person would read, lists everything else. */
final class BodyCollector {
    private static final int TEXT_RAW_LIMIT = 400 * 1024;
    private static final int HTML_RAW_LIMIT = 1024 * 1024;
    private static final int HEAD_LIMIT = 16 * 1024;
    private static final int MAX_ATTACHMENTS = 200;
    private static final Pattern BOUNDARY_LINE =
            Pattern.compile("(?m)^--([^\\s\"]{1,200})[ \\t]*\\r?\\n(?=Content-[A-Za-z-]{1,40}:|\\r?\\n)");
    private static final Pattern META_CHARSET =
            Pattern.compile("(?i)<meta[^>]{0,200}charset\\s*=\\s*[\"']?([a-z0-9_-]{2,40})");

    /** @param cut whether more text was there than is read */
    record Piece(String text, boolean html, boolean cut) {}

    private record Frame(String type, ContentHeader header, List<Piece> pieces) {}

    private final Deque<Frame> frames = new ArrayDeque<>();
    private final List<Attachment> attachments = new ArrayList<>();
    private final List<String> defects;
    private @Nullable String preamble;
    private @Nullable String unparted;
    private @Nullable String returnedId;
    private int parts;
    private int unlisted;

    BodyCollector(List<String> defects) {
        this.defects = defects;
        frames.push(new Frame("message", ContentHeader.parse(null), new ArrayList<>()));
    }

    void startMultipart(PartHeader header) {
        ContentHeader type = header.contentType();
        frames.push(new Frame(type.value(), type, new ArrayList<>()));
    }

    void endMultipart() {
        Frame frame = frames.pop();
        Frame parent = current();
        if (frame.type().equals("multipart/alternative")) {
            parent.pieces().addAll(best(frame.pieces()));
        } else {
            parent.pieces().addAll(frame.pieces());
        }
    }

    /** What stands before the first part; it is the text when no part is found because the boundary is wrong. */
    void preamble(InputStream in) throws IOException {
        PartContent content = PartContent.read(in, HEAD_LIMIT, false);
        if (preamble == null && frames.size() == 2) {
            preamble = CharsetGuess.decode(content.head(), null);
        }
    }

    void leaf(PartHeader header, InputStream in) {
        ContentHeader type = header.contentType();
        String kind = type.value().indexOf('/') > 0 ? type.value() : "text/plain";
        ContentHeader disposition = header.disposition();
        String name = name(disposition, type);
        boolean root = frames.size() == 1;
        boolean text = kind.startsWith("text/") && !listed(kind);
        boolean body = text && (root || (!disposition.is("attachment") && name == null));
        boolean html = kind.equals("text/html");
        boolean message = kind.startsWith("message/") || kind.equals("text/rfc822-headers");
        int keep = body ? (html ? HTML_RAW_LIMIT : TEXT_RAW_LIMIT) : message ? HEAD_LIMIT : 0;
        if (root && kind.startsWith("multipart/")) {
            // A multipart whose boundary is missing: all of it is read as text.
            body = true;
            keep = TEXT_RAW_LIMIT;
            defect("the multipart has no boundary; it is read as one text");
        }
        PartContent content = PartContent.read(in, keep, !body);
        if (content.broken()) {
            defect("a part of type " + kind + " is broken; it is read as far as it goes");
        }
        parts++;
        if (root && kind.startsWith("multipart/")) {
            unparted = CharsetGuess.decode(content.head(), null);
        }
        if (body) {
            current().pieces().add(piece(content, type, html));
            return;
        }
        if (message) {
            returned(content);
        }
        list(new Attachment(
                name == null ? madeUp(kind, content) : name,
                kind,
                content.size(),
                content.sha256(),
                disposition.is("inline") || (header.has("content-id") && !disposition.is("attachment")),
                header.first("content-id")));
    }

    private Piece piece(PartContent content, ContentHeader type, boolean html) {
        String charset = type.parameters().get("charset");
        if (html) {
            HtmlText.Result result =
                    HtmlText.of(CharsetGuess.decode(content.head(), metaCharset(content.head(), charset)));
            if (result.dropped()) {
                defect("text that the reader would not see was left out");
            }
            return new Piece(CleanText.block(result.text()), true, content.cut());
        }
        String text = CharsetGuess.decode(content.head(), charset);
        if ("flowed".equalsIgnoreCase(type.parameters().getOrDefault("format", ""))) {
            text = FlowedText.unflow(
                    text, "yes".equalsIgnoreCase(type.parameters().getOrDefault("delsp", "")));
        }
        return new Piece(CleanText.block(text), false, content.cut());
    }

    private static @Nullable String metaCharset(byte[] head, @Nullable String declared) {
        if (declared != null) {
            return declared;
        }
        String start = new String(head, 0, Math.min(head.length, 2048), StandardCharsets.ISO_8859_1);
        Matcher m = META_CHARSET.matcher(start);
        return m.find() ? m.group(1) : null;
    }

    /** Of alternatives the plain one, unless it is empty or only says that there is another. */
    private static List<Piece> best(List<Piece> alternatives) {
        List<Piece> plain = alternatives.stream()
                .filter(p -> !p.html() && !p.text().isBlank())
                .toList();
        List<Piece> html = alternatives.stream()
                .filter(p -> p.html() && !p.text().isBlank())
                .toList();
        boolean stub = plain.stream().mapToInt(p -> p.text().length()).sum() < 200
                && html.stream().mapToInt(p -> p.text().length()).sum() > 400
                && plain.stream()
                        .anyMatch(p -> p.text().toLowerCase(Locale.ROOT).contains("html"));
        return plain.isEmpty() || stub ? html : plain;
    }

    /** The text of the mail. */
    Piece body() {
        while (frames.size() > 1) {
            endMultipart();
        }
        List<Piece> pieces =
                current().pieces().stream().filter(p -> !p.text().isBlank()).toList();
        if (pieces.isEmpty() && preamble != null && attachments.isEmpty()) {
            defect("no part was found in the multipart; what stands before the first one is read as the text");
            return new Piece(CleanText.block(preamble), false, false);
        }
        if (unlisted > 0) {
            defect(unlisted + " more attachments than the " + MAX_ATTACHMENTS + " listed");
        }
        return new Piece(
                pieces.stream().map(Piece::text).collect(Collectors.joining("\n\n")),
                false,
                pieces.stream().anyMatch(Piece::cut));
    }

    /** What separates the parts of a multipart in which none was found; null when parts were found or nothing looks like it. */
    @Nullable
    String likelyBoundary() {
        String text = unparted == null ? preamble : unparted;
        boolean found = unparted == null && (parts > 0 || !attachments.isEmpty());
        Matcher m = text == null || found ? null : BOUNDARY_LINE.matcher(text);
        return m != null && m.find() ? m.group(1) : null;
    }

    List<Attachment> attachments() {
        return List.copyOf(attachments);
    }

    /** The id of the mail that a report is about; null when this is no report. */
    @Nullable
    String returnedId() {
        return returnedId;
    }

    private void list(Attachment attachment) {
        if (attachments.size() < MAX_ATTACHMENTS) {
            attachments.add(attachment);
        } else {
            unlisted++;
        }
    }

    private void returned(PartContent content) {
        if (returnedId == null && frames.stream().anyMatch(f -> f.type().equals("multipart/report"))) {
            returnedId = MessageIds.own(headerLine(content, "message-id")).orElse(null);
        }
    }

    private static @Nullable String headerLine(PartContent content, String name) {
        String text = CharsetGuess.decode(content.head(), null).replaceAll("\r?\n[ \t]+", " ");
        for (String line : text.split("\r?\n", 500)) {
            if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                return line.substring(name.length() + 1).strip();
            }
        }
        return null;
    }

    private String madeUp(String kind, PartContent content) {
        if (kind.equals("message/rfc822")) {
            String subject = headerLine(content, "subject");
            String shown = subject == null ? "" : fileName(EncodedWords.decode(subject));
            return (shown.isEmpty() ? "message" : shown) + ".eml";
        }
        return "part-" + (attachments.size() + unlisted + 1)
                + switch (kind) {
                    case "text/calendar" -> ".ics";
                    case "text/vcard", "text/x-vcard" -> ".vcf";
                    case "text/csv" -> ".csv";
                    case "image/png" -> ".png";
                    case "image/jpeg" -> ".jpg";
                    case "image/gif" -> ".gif";
                    case "application/pdf" -> ".pdf";
                    case "application/pgp-signature" -> ".asc";
                    case "application/pkcs7-signature", "application/x-pkcs7-signature" -> ".p7s";
                    default -> kind.startsWith("text/") || kind.startsWith("message/") ? ".txt" : ".bin";
                };
    }

    private static boolean listed(String kind) {
        return switch (kind) {
            case "text/calendar",
                    "text/vcard",
                    "text/x-vcard",
                    "text/directory",
                    "text/csv",
                    "text/rfc822-headers",
                    "text/x-amp-html",
                    "text/xml",
                    "text/css",
                    "text/javascript" -> true;
            default -> false;
        };
    }

    private static @Nullable String name(ContentHeader disposition, ContentHeader type) {
        String given = disposition.parameter("filename");
        String name = fileName(given == null ? type.parameter("name") : given);
        return name.isEmpty() ? null : name;
    }

    /** A file name without path, control and direction characters. */
    static String fileName(@Nullable String raw) {
        if (raw == null) {
            return "";
        }
        String line = CleanText.line(raw);
        String last = line.substring(Math.max(line.lastIndexOf('/'), line.lastIndexOf('\\')) + 1);
        return CleanText.cut(last.replaceAll("^[.\\s]+", ""), 200);
    }

    private Frame current() {
        Frame frame = frames.peek();
        if (frame == null) {
            throw new IllegalStateException("the root frame is never popped");
        }
        return frame;
    }

    private void defect(String what) {
        if (defects.size() < MailParser.MAX_DEFECTS && !defects.contains(what)) {
            defects.add(what);
        }
    }
}
