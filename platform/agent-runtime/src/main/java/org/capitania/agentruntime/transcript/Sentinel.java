package org.capitania.agentruntime.transcript;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds {@code <task-complete reason="…"/>}. It counts on a line of its own, outside code fences, indented code and quotations, so that a
 * model which shows or quotes the sentinel does not end its task.
 */
public final class Sentinel {
    private static final Pattern LINE =
            Pattern.compile("<task-complete\\s+reason=\"([^\"<>]*)\"(?:\\s+confidence=\"([^\"<>]*)\")?\\s*/>");
    private static final Pattern FIGURE = Pattern.compile("[01](?:\\.\\d{1,6})?|\\.\\d{1,6}");
    private static final Pattern FENCE = Pattern.compile("^ {0,3}(`{3,}|~{3,})(.*)$");

    private Sentinel() {}

    /** The reason of the last sentinel in the text. */
    public static Optional<String> reason(String text) {
        return last(text).map(sentinel -> sentinel.group(1).strip()).filter(reason -> !reason.isEmpty());
    }

    /** How sure the last sentinel in the text says the model is; empty also where that is no figure, which keeps no task from ending. */
    static Optional<Double> confidence(String text) {
        return last(text)
                .flatMap(sentinel -> Optional.ofNullable(sentinel.group(2)))
                .map(String::strip)
                .filter(figure -> FIGURE.matcher(figure).matches())
                .map(Double::valueOf);
    }

    private static Optional<Matcher> last(String text) {
        Optional<Matcher> last = Optional.empty();
        String fence = "";
        for (String line : text.split("\\R", -1)) {
            var matcher = FENCE.matcher(line);
            boolean marks = matcher.matches();
            if (!fence.isEmpty()) {
                if (marks && closes(fence, matcher.group(1), matcher.group(2))) {
                    fence = "";
                }
                continue;
            }
            // In a backtick fence's first line no further backtick may stand; such a line is inline code.
            if (marks && !(matcher.group(1).charAt(0) == '`' && matcher.group(2).indexOf('`') >= 0)) {
                fence = matcher.group(1);
                continue;
            }
            if (!line.startsWith("    ") && !line.startsWith("\t")) {
                var sentinel = LINE.matcher(line.strip());
                if (sentinel.matches()) {
                    last = Optional.of(sentinel);
                }
            }
        }
        return last;
    }

    /** The text without its sentinel lines, for people. */
    public static String without(String text) {
        return text.lines()
                .filter(line -> !LINE.matcher(line.strip()).matches())
                .reduce((a, b) -> a + "\n" + b)
                .orElse("")
                .strip();
    }

    private static boolean closes(String open, String mark, String rest) {
        return mark.charAt(0) == open.charAt(0) && mark.length() >= open.length() && rest.isBlank();
    }
}
