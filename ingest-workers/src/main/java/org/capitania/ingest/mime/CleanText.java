package org.capitania.ingest.mime;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Text that a database, a JSON document and a person's eye can take: no NUL, no lone surrogates, nothing invisible. */
final class CleanText {
    private static final Pattern BLANK_LINES = Pattern.compile("\n{4,}");
    private static final Pattern SPACES = Pattern.compile("[\\s\u00a0]+");

    private CleanText() {}

    /** One line: bidirectional and zero-width characters removed, white space collapsed. */
    static String line(String raw) {
        StringBuilder out = new StringBuilder(raw.length());
        raw.codePoints().forEach(c -> {
            if (c == '\t' || c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029) {
                out.append(' ');
            } else if (!forbidden(c) && !invisible(c)) {
                out.appendCodePoint(c);
            }
        });
        return SPACES.matcher(out).replaceAll(" ").strip();
    }

    /** Many lines with line feeds; direction overrides and the invisible tag characters are removed, joiners stay. */
    static String block(String raw) {
        StringBuilder out = new StringBuilder(raw.length());
        int i = 0;
        while (i < raw.length()) {
            int c = raw.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\r') {
                if (i >= raw.length() || raw.charAt(i) != '\n') {
                    out.append('\n');
                }
            } else if (c == 0x85 || c == 0x2028 || c == 0x2029 || c == '\f') {
                out.append('\n');
            } else if (c == '\n' || c == '\t' || !(forbidden(c) || deceiving(c))) {
                out.appendCodePoint(c);
            }
        }
        return BLANK_LINES
                .matcher(withoutTrailingSpace(out))
                .replaceAll("\n\n\n")
                .strip();
    }

    private static String withoutTrailingSpace(StringBuilder text) {
        StringBuilder out = new StringBuilder(text.length());
        int kept = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                out.setLength(kept);
            }
            out.append(c);
            if (c == '\n' || (c != ' ' && c != '\t' && c != '\u00a0')) {
                kept = out.length();
            }
        }
        out.setLength(kept);
        return out.toString();
    }

    /** The text within a number of UTF-8 bytes, cut between two characters. */
    static String cut(String text, int bytes) {
        if (text.length() * 3L <= bytes) {
            return text;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= bytes) {
            return text;
        }
        int end = bytes;
        while (end > 0 && (utf8[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(utf8, 0, end, StandardCharsets.UTF_8);
    }

    private static boolean forbidden(int c) {
        return c < 0x20
                || (c >= 0x7f && c < 0xa0)
                || (c >= 0xd800 && c <= 0xdfff)
                || (c & 0xfffe) == 0xfffe
                || (c >= 0xfdd0 && c <= 0xfdef);
    }

    /** Overrides of direction and the tag block carry text that no reader sees. */
    private static boolean deceiving(int c) {
        return (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069)
                || (c >= 0xe0000 && c <= 0xe007f)
                || c == 0xfeff;
    }

    private static boolean invisible(int c) {
        return deceiving(c)
                || (c >= 0x200b && c <= 0x200f)
                || (c >= 0x2060 && c <= 0x2065)
                || (c >= 0x206a && c <= 0x206f)
                || c == 0x00ad
                || c == 0x034f
                || c == 0x061c
                || c == 0x115f
                || c == 0x1160
                || c == 0x3164
                || c == 0xffa0
                || (c >= 0x180b && c <= 0x180e)
                || (c >= 0xfff9 && c <= 0xfffb);
    }
}
