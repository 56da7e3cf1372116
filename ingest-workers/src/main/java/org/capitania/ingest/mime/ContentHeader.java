package org.capitania.ingest.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A value with parameters such as {@code Content-Type}, with the continuations and charsets of RFC 2231.
 *
 * @param value lower case, empty when missing
 */
record ContentHeader(String value, Map<String, String> parameters) {
    private static final int MAX_PARAMETERS = 200;

    static ContentHeader parse(@Nullable String header) {
        if (header == null) {
            return new ContentHeader("", Map.of());
        }
        int semicolon = header.indexOf(';');
        String value = (semicolon < 0 ? header : header.substring(0, semicolon))
                .replaceAll("\\([^)]*\\)|[\"\\s]", "")
                .toLowerCase(Locale.ROOT);
        Map<String, String> plain = new HashMap<>();
        Map<String, TreeMap<Integer, Segment>> extended = new HashMap<>();
        int i = semicolon < 0 ? header.length() : semicolon + 1;
        int count = 0;
        while (i < header.length() && count++ < MAX_PARAMETERS) {
            int equals = header.indexOf('=', i);
            if (equals < 0) {
                break;
            }
            int next = header.indexOf(';', i);
            if (next >= 0 && next < equals) {
                i = next + 1;
                continue;
            }
            String name = header.substring(i, equals).strip().toLowerCase(Locale.ROOT);
            StringBuilder text = new StringBuilder();
            i = value(header, equals + 1, text);
            store(name, text.toString(), plain, extended);
        }
        extended.forEach((name, segments) -> plain.put(name, join(segments)));
        return new ContentHeader(value, Map.copyOf(plain));
    }

    /** A parameter with its encoded words read, which mailers use although they should not; null when missing. */
    @Nullable
    String parameter(String name) {
        String raw = parameters.get(name);
        return raw == null ? null : EncodedWords.decode(raw);
    }

    boolean is(String prefix) {
        return value.startsWith(prefix);
    }

    private record Segment(boolean encoded, String text) {}

    private static int value(String header, int from, StringBuilder out) {
        int i = from;
        while (i < header.length() && header.charAt(i) <= ' ') {
            i++;
        }
        if (i < header.length() && header.charAt(i) == '"') {
            i++;
            while (i < header.length() && header.charAt(i) != '"') {
                if (header.charAt(i) == '\\' && i + 1 < header.length()) {
                    i++;
                }
                out.append(header.charAt(i++));
            }
            int semicolon = header.indexOf(';', Math.min(i, header.length()));
            return semicolon < 0 ? header.length() : semicolon + 1;
        }
        int semicolon = header.indexOf(';', i);
        int end = semicolon < 0 ? header.length() : semicolon;
        out.append(header.substring(i, end).strip());
        return semicolon < 0 ? header.length() : semicolon + 1;
    }

    private static void store(
            String name, String text, Map<String, String> plain, Map<String, TreeMap<Integer, Segment>> extended) {
        int star = name.indexOf('*');
        if (star < 0) {
            plain.putIfAbsent(name, text);
            return;
        }
        String digits = name.substring(star + 1).replace("*", "");
        if (digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return;
        }
        int index = digits.isEmpty() ? 0 : Integer.parseInt(digits);
        extended.computeIfAbsent(name.substring(0, star), n -> new TreeMap<>())
                .putIfAbsent(index, new Segment(name.endsWith("*"), text));
    }

    private static String join(TreeMap<Integer, Segment> segments) {
        String charset = null;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Map.Entry<Integer, Segment> e : segments.entrySet()) {
            String text = e.getValue().text();
            if (!e.getValue().encoded()) {
                bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
                continue;
            }
            int first = text.indexOf('\'');
            int second = first < 0 ? -1 : text.indexOf('\'', first + 1);
            if (e.getKey() == 0 && second > 0) {
                charset = text.substring(0, first);
                text = text.substring(second + 1);
            }
            percent(text, bytes);
        }
        return CharsetGuess.decode(bytes.toByteArray(), charset);
    }

    private static void percent(String text, ByteArrayOutputStream out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high >= 0 && low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
