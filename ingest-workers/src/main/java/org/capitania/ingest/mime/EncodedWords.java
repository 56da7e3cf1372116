package org.capitania.ingest.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * RFC 2047 words in a header, also broken ones: a character split over two words, spaces inside, a missing end, a charset that lies.
 */
final class EncodedWords {
    /** The end may be missing at the end of the line; {@code ?=} before two hexadecimal digits is text, not an end. */
    static final Pattern WORD = Pattern.compile(
            "=\\?([A-Za-z0-9_:.*+-]{1,60})\\?([bBqQ])\\?([^\\r\\n]{0,2000}?)(?:\\?=(?![0-9A-Fa-f]{2})|\\??$)");

    private EncodedWords() {}

    static String decode(String header) {
        if (!header.contains("=?")) {
            return header;
        }
        StringBuilder out = new StringBuilder(header.length());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        @Nullable String charset = null;
        Matcher m = WORD.matcher(header);
        int end = 0;
        while (m.find()) {
            String between = header.substring(end, m.start());
            String wordCharset = group(m, 1).toLowerCase(Locale.ROOT);
            boolean adjacent = charset != null && between.isBlank();
            if (!adjacent || !wordCharset.equals(charset)) {
                flush(bytes, charset, out);
                if (!adjacent) {
                    out.append(between);
                }
            }
            charset = wordCharset;
            bytes.writeBytes(group(m, 2).equalsIgnoreCase("b") ? base64(group(m, 3)) : quoted(group(m, 3)));
            end = m.end();
        }
        flush(bytes, charset, out);
        return out.append(header, end, header.length()).toString();
    }

    private static String group(Matcher m, int n) {
        String s = m.group(n);
        return s == null ? "" : s;
    }

    private static void flush(ByteArrayOutputStream bytes, @Nullable String charset, StringBuilder out) {
        if (bytes.size() > 0) {
            out.append(CharsetGuess.decode(bytes.toByteArray(), charset));
            bytes.reset();
        }
    }

    /** Ignores what is not of the alphabet and a cut last group. */
    static byte[] base64(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        int bits = 0;
        int buffer = 0;
        for (int i = 0; i < text.length(); i++) {
            int v = sextet(text.charAt(i));
            if (v < 0) {
                if (text.charAt(i) == '=') {
                    bits = 0;
                    buffer = 0;
                }
                continue;
            }
            buffer = buffer << 6 | v;
            bits += 6;
            if (bits >= 8) {
                bits -= 8;
                out.write(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }
        return out.toByteArray();
    }

    private static int sextet(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
    }

    private static byte[] quoted(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '_') {
                out.write(' ');
            } else if (c == '=' && hex(text, i + 1) >= 0) {
                out.write(hex(text, i + 1));
                i += 2;
            } else if (c < 0x80) {
                out.write(c);
            } else {
                // Raw text inside a word: the header was already decoded, keep the character.
                String raw = Character.toString(text.codePointAt(i));
                out.writeBytes(raw.getBytes(StandardCharsets.UTF_8));
                i += raw.length() - 1;
            }
        }
        return out.toByteArray();
    }

    private static int hex(String text, int at) {
        if (at + 2 > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
