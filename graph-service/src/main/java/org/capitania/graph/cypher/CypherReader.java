package org.capitania.graph.cypher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capitania.graph.cypher.CypherWord.Kind;

/** Splits a query into words; strings and quoted names come out with our own escapes, comments as a space. */
final class CypherReader {
    private static final String SIGNS = "()[]{},.:;<>=+-*/%^|~!?";
    private static final Map<Character, Character> ESCAPES = Map.of(
            'n', '\n', 't', '\t', 'r', '\r', 'b', '\b', 'f', '\f', '\\', '\\', '\'', '\'', '"', '"', '/', '/', '`',
            '`');

    private final String query;
    private int at;

    CypherReader(String query) {
        this.query = query;
    }

    List<CypherWord> words() {
        List<CypherWord> words = new ArrayList<>();
        while (true) {
            boolean spaced = skip() || words.isEmpty();
            if (at >= query.length()) {
                return words;
            }
            words.add(next(spaced));
        }
    }

    private CypherWord next(boolean spaced) {
        char c = query.charAt(at);
        if (c == '\'' || c == '"') {
            return new CypherWord(Kind.STRING, string(c), spaced);
        }
        if (c == '`') {
            return new CypherWord(Kind.QUOTED_NAME, quotedName(), spaced);
        }
        if (c == '$') {
            at++;
            String name = name();
            if (name.startsWith("hq_")) {
                throw refused("a parameter's name does not begin with hq_");
            }
            return new CypherWord(Kind.PARAMETER, "$" + name, spaced);
        }
        if (letter(c)) {
            return new CypherWord(Kind.NAME, name(), spaced);
        }
        if (digit(c)) {
            return new CypherWord(Kind.NUMBER, number(), spaced);
        }
        if (SIGNS.indexOf(c) >= 0) {
            at++;
            return new CypherWord(Kind.SIGN, String.valueOf(c), spaced);
        }
        throw refused("unexpected " + c);
    }

    /** Skips blanks and comments; whether there was any. */
    private boolean skip() {
        int begin = at;
        while (at < query.length()) {
            if (Character.isWhitespace(query.charAt(at))) {
                at++;
            } else if (query.startsWith("//", at)) {
                int end = query.indexOf('\n', at);
                at = end < 0 ? query.length() : end + 1;
            } else if (query.startsWith("/*", at)) {
                int end = query.indexOf("*/", at + 2);
                if (end < 0) {
                    throw refused("a comment has no end");
                }
                at = end + 2;
            } else {
                break;
            }
        }
        return at > begin;
    }

    private String string(char quote) {
        StringBuilder text = new StringBuilder("'");
        at++;
        while (at < query.length() && query.charAt(at) != quote) {
            char c = query.charAt(at++);
            if (c != '\\') {
                write(c, text);
                continue;
            }
            char escape = at < query.length() ? query.charAt(at++) : ' ';
            if (escape == 'u' && query.substring(at).matches("(?s)[0-9a-fA-F]{4}.*")) {
                write((char) Integer.parseInt(query.substring(at, at + 4), 16), text);
                at += 4;
                continue;
            }
            Character meant = ESCAPES.get(escape);
            if (meant == null) {
                throw refused("unknown escape \\" + escape + "; a parameter takes any text");
            }
            write(meant, text);
        }
        if (at >= query.length()) {
            throw refused("a string has no end");
        }
        at++;
        return text.append('\'').toString();
    }

    private void write(char c, StringBuilder text) {
        if (c == 0) {
            throw refused("a string holds no NUL");
        }
        if (c == '\'' || c == '\\' || c == '$' || c < ' ') {
            text.append("\\u%04x".formatted((int) c));
        } else {
            text.append(c);
        }
    }

    private String quotedName() {
        int end = query.indexOf('`', at + 1);
        String name = end < 0 ? "" : query.substring(at + 1, end);
        if (!name.matches("[\\p{L}\\p{N}_ .:-]{1,63}")) {
            throw refused("a name in backticks has 1 to 63 letters, digits, blanks and _ . : -");
        }
        at = end + 1;
        return "`" + name + "`";
    }

    private String name() {
        int begin = at;
        while (at < query.length() && (letter(query.charAt(at)) || digit(query.charAt(at)))) {
            at++;
        }
        if (at == begin || digit(query.charAt(begin))) {
            throw refused("expected a name");
        }
        return query.substring(begin, at);
    }

    /** Digits, with a fraction and an exponent; {@code 1..3} are two numbers. */
    private String number() {
        int begin = at;
        digits();
        if (at + 1 < query.length() && query.charAt(at) == '.' && digit(query.charAt(at + 1))) {
            at++;
            digits();
        }
        if (at < query.length() && "eE".indexOf(query.charAt(at)) >= 0) {
            at++;
            if (at < query.length() && "+-".indexOf(query.charAt(at)) >= 0) {
                at++;
            }
            if (at == query.length() || !digit(query.charAt(at))) {
                throw refused("an exponent has no digits");
            }
            digits();
        }
        if (at < query.length() && letter(query.charAt(at))) {
            throw refused("a number ends in a letter");
        }
        return query.substring(begin, at);
    }

    private void digits() {
        while (at < query.length() && digit(query.charAt(at))) {
            at++;
        }
    }

    private static boolean letter(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private RuntimeException refused(String why) {
        return CypherText.refused("/query at character " + (at + 1) + ": " + why);
    }
}
