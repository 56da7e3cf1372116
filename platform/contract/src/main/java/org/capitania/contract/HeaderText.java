package org.capitania.contract;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Text of any script in an HTTP header, as RFC 8187 has it: visible ASCII as it is, everything else as {@code UTF-8''} and the
 * percent-encoded bytes. {@code X-HQ-Reason} is written and read so.
 */
public final class HeaderText {
    private static final String MARK = "UTF-8''";

    /** Beside letters and digits, what RFC 8187 lets stand ({@code attr-char}). */
    private static final String PLAIN = "!#$&+-.^_`|~";

    private HeaderText() {}

    /** What stands in the header; control characters, which no reason needs and a log suffers from, become spaces. */
    public static String encode(String text) {
        String line = oneLine(text);
        boolean visible = line.chars().allMatch(c -> c >= 0x20 && c <= 0x7E);
        if (visible && !marked(line)) {
            return line;
        }
        StringBuilder out = new StringBuilder(MARK);
        for (byte b : line.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (isPlain(c)) {
                out.append(c);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return out.toString();
    }

    /** The text meant; {@code BAD_REQUEST} when it says that it is encoded and is not. */
    public static String decode(String header) {
        if (!marked(header)) {
            return oneLine(header);
        }
        ByteBuffer bytes = ByteBuffer.allocate(header.length());
        for (int i = MARK.length(); i < header.length(); i++) {
            char c = header.charAt(i);
            if (c != '%') {
                require(isPlain(c), header);
                bytes.put((byte) c);
            } else {
                require(i + 2 < header.length(), header);
                require(
                        HexFormat.isHexDigit(header.charAt(i + 1)) && HexFormat.isHexDigit(header.charAt(i + 2)),
                        header);
                bytes.put((byte) HexFormat.fromHexDigits(header, i + 1, i + 3));
                i += 2;
            }
        }
        try {
            return oneLine(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, refusal(header), e);
        }
    }

    private static boolean marked(String header) {
        return header.regionMatches(true, 0, MARK, 0, MARK.length());
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\u2028\u2029]+", " ").strip();
    }

    private static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || PLAIN.indexOf(c) >= 0;
    }

    private static void require(boolean holds, String header) {
        if (!holds) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, refusal(header));
        }
    }

    private static String refusal(String header) {
        return "a header begins with " + MARK + " and is not percent-encoded UTF-8 (RFC 8187): "
                + header.substring(0, Math.min(80, header.length()));
    }
}
