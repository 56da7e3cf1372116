package org.capitania.ingest.mime;

import java.net.IDN;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.event.EmailReceived.Mailbox;
import org.jspecify.annotations.Nullable;

/**
 * Reads an address field as people and programs really write it: groups, comments, commas in unquoted names, semicolons
 * between addresses, no brackets or one of two.
 */
public final class Addresses {
    private static final int MAX = 1000;
    private static final int MAX_SEGMENTS = 5000;
    private static final int MAX_SEGMENT = 2000;
    private static final Pattern BARE = Pattern.compile("[^\\s<>()\\[\\],;:\"]+@[^\\s<>()\\[\\],;:\"]+");
    private static final Pattern AT_IN_WORDS = Pattern.compile(
            "([^\\s<>()\",;]+)\\s+(?:at|\\(at\\)|\\[at\\])\\s+([a-z0-9.-]+\\.[a-z]{2,})", Pattern.CASE_INSENSITIVE);

    private final List<Mailbox> found = new ArrayList<>();
    private final StringBuilder before = new StringBuilder();
    private final StringBuilder comment = new StringBuilder();
    private final StringBuilder angle = new StringBuilder();
    private boolean sawAngle;

    private Addresses() {}

    /** The mailboxes in order, each address once. */
    public static List<Mailbox> parse(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return List.of();
        }
        Addresses list = new Addresses();
        list.scan(header);
        return List.copyOf(list.found);
    }

    private void scan(String s) {
        Matcher word = EncodedWords.WORD.matcher(s);
        boolean inGroup = false;
        int segments = 0;
        int i = 0;
        while (i < s.length() && found.size() < MAX && segments < MAX_SEGMENTS) {
            char c = s.charAt(i);
            if (c == '"') {
                i = quoted(s, i + 1);
            } else if (c == '(') {
                i = comment(s, i + 1);
            } else if (c == '<') {
                i = angle(s, i + 1);
            } else if (c == '='
                    && s.startsWith("=?", i)
                    && word.region(i, s.length()).lookingAt()
                    && word.end() < s.length()) {
                before.append(s, i, word.end());
                i = word.end();
            } else if (c == ':'
                    && !sawAngle
                    && before.indexOf("@") < 0
                    && !before.toString().strip().equalsIgnoreCase("mailto")) {
                before.setLength(0);
                inGroup = true;
                i++;
            } else if (c == ',' || c == ';') {
                end(c == ',' && !inGroup);
                inGroup &= c == ',';
                segments++;
                i++;
            } else {
                before.append(c);
                i++;
            }
        }
        end(false);
    }

    private int quoted(String s, int from) {
        int close = from;
        while (close < s.length() && s.charAt(close) != '"') {
            close += s.charAt(close) == '\\' ? 2 : 1;
        }
        if (close >= s.length()) {
            // An opening quote without its end: the rest is read as if it were not there.
            return from;
        }
        String inner = s.substring(from, close).replaceAll("\\\\(.)", "$1");
        boolean localPart = close + 1 < s.length() && s.charAt(close + 1) == '@';
        before.append(localPart ? "\"" + inner + "\"" : inner);
        return close + 1;
    }

    private int comment(String s, int from) {
        int depth = 1;
        int i = from;
        while (i < s.length() && depth > 0) {
            char c = s.charAt(i);
            if (c == '\\' && i + 1 < s.length()) {
                i++;
                c = s.charAt(i);
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            }
            if (depth > 0) {
                comment.append(c);
            }
            i++;
        }
        comment.append(' ');
        return i;
    }

    private int angle(String s, int from) {
        int close = s.indexOf('>', from);
        int end = close;
        if (close < 0) {
            int comma = s.indexOf(',', from);
            end = comma < 0 ? s.length() : comma;
        }
        String inside = s.substring(from, end);
        if (inside.indexOf('@') >= 0 || !sawAngle) {
            angle.setLength(0);
            angle.append(inside);
        }
        sawAngle = true;
        return close < 0 ? end : end + 1;
    }

    /** @param mayContinue whether a name without an address may be the first half of "Silva, João" with an address behind */
    private void end(boolean mayContinue) {
        String text =
                before.length() <= MAX_SEGMENT ? before.toString() : before.substring(before.length() - MAX_SEGMENT);
        Optional<String> address = sawAngle ? address(angle.toString()) : Optional.empty();
        String name = text;
        if (address.isEmpty() && (text.indexOf('@') >= 0 || text.contains(" at "))) {
            Matcher bare = BARE.matcher(text);
            Matcher words = AT_IN_WORDS.matcher(text);
            if (bare.find()) {
                address = address(bare.group());
                name = text.substring(0, bare.start()) + text.substring(bare.end());
            } else if (words.find()) {
                address = address(words.group(1) + "@" + words.group(2));
                name = text.substring(0, words.start()) + text.substring(words.end());
            } else {
                address = address(text);
                name = "";
            }
        }
        if (address.isEmpty() && mayContinue && !sawAngle && !text.isBlank() && text.length() < 100) {
            before.append(", ");
            return;
        }
        String shown = shown(name.isBlank() ? comment.toString() : name);
        address.ifPresent(a -> add(a, shown));
        before.setLength(0);
        comment.setLength(0);
        angle.setLength(0);
        sawAngle = false;
    }

    private static String shown(String raw) {
        String cut = raw.length() <= MAX_SEGMENT ? raw : raw.substring(0, MAX_SEGMENT);
        String name = CleanText.cut(CleanText.line(EncodedWords.decode(cut)), 300);
        return name.replaceAll("^['\\s,]+|['\\s,]+$", "");
    }

    private void add(String address, String name) {
        boolean says = !name.isEmpty() && !name.equalsIgnoreCase(address);
        if (found.stream().noneMatch(m -> m.address().equals(address))) {
            found.add(new Mailbox(address, says ? name : null));
        }
    }

    /** The address in the form that is compared: lower case, ASCII domain, no source route; empty when it is none. */
    static Optional<String> address(String raw) {
        String a = Normalizer.normalize(EncodedWords.decode(raw), Normalizer.Form.NFC)
                .replaceAll("[\\p{Cf}\\p{Cc}\\p{Cs}]", "")
                .strip()
                .toLowerCase(Locale.ROOT);
        if (a.startsWith("mailto:")) {
            a = a.substring(7);
        }
        if (a.startsWith("@") && a.indexOf(':') > 0) {
            a = a.substring(a.indexOf(':') + 1);
        }
        int at = a.lastIndexOf('@');
        if (at <= 0 || at == a.length() - 1) {
            return Optional.empty();
        }
        String local = a.substring(0, at);
        local = local.startsWith("\"") ? local.strip() : local.replaceAll("[\\s<>'\"]", "");
        String domain = a.substring(at + 1).replaceAll("[\\s<>'\"]", "").replaceAll("[.]+$", "");
        if (local.isEmpty() || domain.isEmpty() || local.length() > 200 || domain.length() > 253) {
            return Optional.empty();
        }
        if (!domain.startsWith("[")) {
            try {
                domain = IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                return Optional.empty();
            }
        }
        return Optional.of(local + "@" + domain);
    }
}
