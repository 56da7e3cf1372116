package org.capitania.cli.text;

import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines of at most a width, keeping its own line breaks and quotation marks of mail. */
public final class Wrap {
    private Wrap() {}

    public static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        text.strip().lines().forEach(line -> wrap(printable(line).stripTrailing(), width, lines));
        return lines;
    }

    /** The text in at most {@code width} columns; what is cut off shows as an ellipsis. */
    public static String cut(String text, int width) {
        String flat = printable(text.replaceAll("\\s+", " ").strip());
        return flat.length() <= width
                ? flat
                : flat.substring(0, Math.max(0, width - 1)).stripTrailing() + "…";
    }

    /** The text without control characters: what a stranger wrote must not steer this terminal. */
    public static String printable(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().map(c -> c == '\t' ? ' ' : c).filter(Wrap::shows).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    /** Whether a character only shows itself. */
    static boolean shows(int c) {
        return !Character.isISOControl(c) && !directional(c);
    }

    private static boolean directional(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }

    private static void wrap(String line, int width, List<String> lines) {
        String quote = line.startsWith(">")
                ? line.substring(
                        0, line.length() - line.replaceFirst("^[> ]+", "").length())
                : "";
        String rest = line;
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            int cut = space > quote.length() ? space : width;
            lines.add(rest.substring(0, cut).stripTrailing());
            rest = quote + rest.substring(cut).stripLeading();
        }
        lines.add(rest);
    }
}
