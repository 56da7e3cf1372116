package org.capitania.ingest.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Separates what the sender wrote from the history quoted below or between it. */
final class ReplyText {
    private static final int LONGEST_LINE = 400;

    /** "On … wrote:" in the languages that mailers of our users speak; the line may be wrapped over three. */
    private static final Pattern ATTRIBUTION = Pattern.compile(
            "^(On|Em|A|Le|Am|El|Il|Op|Den|Na|No dia|Dnia)\\b.{5,300}\\b(wrote|escreveu|a écrit|schrieb|escribió|ha scritto|schreef|skrev|napisał)\\b.{0,80}:\\s*$",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern SEPARATOR = Pattern.compile(
            "^\\s*-{2,}\\s*(Original Message|Mensagem original|Message d'origine|Ursprüngliche Nachricht|Mensaje original|Messaggio originale)\\s*-{2,}.*$",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    private static final Pattern HEADER_LINE = Pattern.compile(
            "^\\*?(From|De|Von|Da|Van|Sent|Enviad[oa]|Envoyé|Gesendet|Date|Data|Fecha|To|Para|À|An|Subject|Assunto|Objet|Betreff|Asunto|Oggetto|Cc)\\s?:\\*?\\s.*$",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    private static final Pattern FROM_LINE =
            Pattern.compile("^\\*?(From|De|Von|Da|Van)\\s?:\\*?\\s.*$", Pattern.CASE_INSENSITIVE);

    private static final Pattern FORWARD = Pattern.compile(
            "^\\s*(-{2,}\\s*(Forwarded message|Mensagem (encaminhada|reencaminhada)|Message transféré|Weitergeleitete Nachricht)\\s*-{2,}|Begin forwarded message:).*$",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    /** A rule or an empty line: nothing to end a text with. */
    private static final Pattern RULE = Pattern.compile("[\\s_-]*");

    private ReplyText() {}

    static String of(String body) {
        String[] lines = body.split("\n", -1);
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            if (matches(FORWARD, lines[i])) {
                // What is forwarded is what the sender wants us to read.
                kept.addAll(List.of(lines).subList(i, lines.length));
                break;
            }
            if (startsHistory(lines, i)) {
                break;
            }
            int attribution = attribution(lines, i);
            if (attribution > 0) {
                i += attribution - 1;
            } else if (!lines[i].startsWith(">")) {
                kept.add(lines[i]);
            }
        }
        while (!kept.isEmpty() && RULE.matcher(kept.getLast()).matches()) {
            kept.removeLast();
        }
        String reply = String.join("\n", kept).replaceAll("\n{3,}", "\n\n").strip();
        return reply.isEmpty() ? body : reply;
    }

    /** How many lines the attribution at this place has; 0 when there is none or no quote follows. */
    private static int attribution(String[] lines, int at) {
        StringBuilder text = new StringBuilder();
        for (int n = 1; n <= 3 && at + n <= lines.length; n++) {
            String line = lines[at + n - 1];
            if (line.isBlank() || line.length() > LONGEST_LINE) {
                return 0;
            }
            text.append(n == 1 ? "" : " ").append(line.strip());
            if (ATTRIBUTION.matcher(text).matches()) {
                return n;
            }
        }
        return 0;
    }

    private static boolean startsHistory(String[] lines, int at) {
        if (matches(SEPARATOR, lines[at])) {
            return true;
        }
        int first = at;
        if (lines[at].startsWith("__________") && matches(RULE, lines[at])) {
            first++;
            while (first < lines.length && lines[first].isBlank()) {
                first++;
            }
        }
        if (first < lines.length && matches(FROM_LINE, lines[first])) {
            int headers = 1;
            for (int i = first + 1; i < Math.min(first + 6, lines.length); i++) {
                headers += matches(HEADER_LINE, lines[i]) ? 1 : 0;
            }
            return headers >= 3;
        }
        return attribution(lines, at) > 0 && restIsQuotedOrAbsent(lines, at + attribution(lines, at));
    }

    /** After an attribution without any new text between or below the quotes, all that follows is history. */
    private static boolean restIsQuotedOrAbsent(String[] lines, int from) {
        int i = from;
        while (i < lines.length && lines[i].isBlank()) {
            i++;
        }
        if (i < lines.length && !lines[i].startsWith(">")) {
            // An unmarked quote, as HTML mailers leave it.
            return true;
        }
        for (; i < lines.length; i++) {
            if (!lines[i].isBlank() && !lines[i].startsWith(">")) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(Pattern pattern, String line) {
        return line.length() <= LONGEST_LINE && pattern.matcher(line).matches();
    }
}
