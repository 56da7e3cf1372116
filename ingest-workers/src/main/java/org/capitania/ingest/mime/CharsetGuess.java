package org.capitania.ingest.mime;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decodes bytes whose declared charset may be missing, unknown or a lie; never fails. */
final class CharsetGuess {
    static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    /** Names seen in mail that Java does not know, or knows as a poorer sibling of what is meant. */
    private static final Map<String, String> MEANT = Map.ofEntries(
            Map.entry("iso-8859-1", "windows-1252"),
            Map.entry("iso8859-1", "windows-1252"),
            Map.entry("iso_8859-1", "windows-1252"),
            Map.entry("latin1", "windows-1252"),
            Map.entry("latin-1", "windows-1252"),
            Map.entry("ansi", "windows-1252"),
            Map.entry("x-ansi", "windows-1252"),
            Map.entry("cp-1252", "windows-1252"),
            Map.entry("us-ascii", "windows-1252"),
            Map.entry("ascii", "windows-1252"),
            Map.entry("iso-8859-9", "windows-1254"),
            Map.entry("iso-8859-8-i", "iso-8859-8"),
            Map.entry("utf8mb4", "utf-8"),
            Map.entry("utf-8n", "utf-8"),
            Map.entry("gb2312", "gb18030"),
            Map.entry("gbk", "gb18030"),
            Map.entry("ks_c_5601-1987", "x-windows-949"),
            Map.entry("euc-kr", "x-windows-949"),
            Map.entry("shift_jis", "windows-31j"),
            Map.entry("x-sjis", "windows-31j"));

    private CharsetGuess() {}

    static String decode(byte[] bytes, @Nullable String declared) {
        return decode(bytes, bytes.length, declared);
    }

    /** Reads the first {@code length} bytes; a multi-byte character that the end cuts is left out. */
    static String decode(byte[] bytes, int length, @Nullable String declared) {
        if (startsWith(bytes, length, 0xEF, 0xBB, 0xBF)) {
            return utf8OrMixed(bytes, 3, length);
        }
        if (startsWith(bytes, length, 0xFF, 0xFE)) {
            return new String(bytes, 2, length - 2, StandardCharsets.UTF_16LE);
        }
        if (startsWith(bytes, length, 0xFE, 0xFF)) {
            return new String(bytes, 2, length - 2, StandardCharsets.UTF_16BE);
        }
        Charset charset = lookup(declared).orElse(null);
        if (isAscii(bytes, length)) {
            if (charset == null
                    || charset.equals(WINDOWS_1252)
                    || charset.equals(StandardCharsets.UTF_8)
                    || wide(charset, bytes, length)) {
                return looksLikeIso2022Jp(bytes, length)
                        ? new String(bytes, 0, length, Charset.forName("ISO-2022-JP"))
                        : new String(bytes, 0, length, StandardCharsets.US_ASCII);
            }
            return new String(bytes, 0, length, charset);
        }
        // Valid multi-byte UTF-8 does not happen by chance: it beats a single-byte label.
        if (charset == null || charset.equals(StandardCharsets.UTF_8) || singleByte(charset)) {
            Optional<String> utf8 = strict(bytes, 0, length, StandardCharsets.UTF_8);
            if (utf8.isPresent()) {
                return utf8.get();
            }
            if (charset == null || charset.equals(StandardCharsets.UTF_8) || charset.equals(WINDOWS_1252)) {
                return charset != null && charset.equals(WINDOWS_1252)
                        ? windows1252(bytes, 0, length)
                        : utf8OrMixed(bytes, 0, length);
            }
        }
        Optional<String> asDeclared = strict(bytes, 0, length, charset);
        if (asDeclared.isPresent()) {
            return asDeclared.get();
        }
        Optional<String> asUtf8 = strict(bytes, 0, length, StandardCharsets.UTF_8);
        if (asUtf8.isPresent()) {
            return asUtf8.get();
        }
        String lenient = new String(bytes, 0, length, charset);
        long broken = lenient.chars().filter(c -> c == '\uFFFD').count();
        return broken * 20 <= lenient.length() ? lenient : utf8OrMixed(bytes, 0, length);
    }

    private static boolean singleByte(Charset charset) {
        return charset.canEncode() && charset.newEncoder().maxBytesPerChar() <= 1;
    }

    /** Whether a label of two or four bytes a character is a lie: such text has zero bytes where it is ASCII. */
    private static boolean wide(Charset charset, byte[] bytes, int length) {
        if (!charset.name().startsWith("UTF-16") && !charset.name().startsWith("UTF-32")) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[i] == 0) {
                return false;
            }
        }
        return true;
    }

    static Optional<Charset> lookup(@Nullable String declared) {
        if (declared == null) {
            return Optional.empty();
        }
        String name = declared.strip().toLowerCase(Locale.ROOT).replaceAll("[\"' ]", "");
        int language = name.indexOf('*');
        if (language > 0) {
            name = name.substring(0, language);
        }
        try {
            return Optional.of(Charset.forName(MEANT.getOrDefault(name, name)));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Valid UTF-8 sequences as such, every other byte as windows-1252. */
    private static String utf8OrMixed(byte[] bytes, int from, int length) {
        StringBuilder out = new StringBuilder(length);
        int i = from;
        while (i < length) {
            int b = bytes[i] & 0xff;
            int n = b < 0x80
                    ? 1
                    : b >= 0xc2 && b < 0xe0 ? 2 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xf0 && b < 0xf5 ? 4 : 0;
            if (n == 1) {
                out.append((char) b);
                i++;
            } else if (n > 1 && i + n <= length) {
                Optional<String> one = strict(bytes, i, i + n, StandardCharsets.UTF_8);
                if (one.isPresent()) {
                    out.append(one.get());
                    i += n;
                } else {
                    out.append(windows1252(bytes, i, i + 1));
                    i++;
                }
            } else if (n > 1 && tailOfOne(bytes, i, length)) {
                i = length;
            } else {
                out.append(windows1252(bytes, i, i + 1));
                i++;
            }
        }
        return out.toString();
    }

    private static boolean tailOfOne(byte[] bytes, int from, int length) {
        for (int i = from + 1; i < length; i++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                return false;
            }
        }
        return length - from > 1;
    }

    private static String windows1252(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, WINDOWS_1252);
        return text.indexOf('\uFFFD') < 0 ? text : text.replace("\uFFFD", "");
    }

    private static Optional<String> strict(byte[] bytes, int from, int to, Charset charset) {
        try {
            CharBuffer chars = charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, to - from));
            return Optional.of(chars.toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isAscii(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean looksLikeIso2022Jp(byte[] bytes, int length) {
        for (int i = 0; i + 2 < length; i++) {
            if (bytes[i] == 0x1b && bytes[i + 1] == '$' && (bytes[i + 2] == 'B' || bytes[i + 2] == '@')) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] bytes, int length, int... prefix) {
        if (length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if ((bytes[i] & 0xff) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
