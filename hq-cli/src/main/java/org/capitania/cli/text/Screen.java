package org.capitania.cli.text;

import java.io.PrintStream;
import java.time.Clock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where text for people goes: lines, and colour only where there is a terminal that shows it. */
public final class Screen {
    /** The few emphases that text for people uses. */
    public enum Style {
        PLAIN(""),
        BOLD("1"),
        DIM("2"),
        GOOD("32"),
        CAUTION("33"),
        BAD("31");

        private final String sgr;

        Style(String sgr) {
            this.sgr = sgr;
        }
    }

    private static final String STYLE = "style";
    private static final Pattern PARTS =
            Pattern.compile("(?<" + STYLE + ">\u001b\\[(?:0|1|2|31|32|33)m)|\n|[^\u001b\n]+|\u001b");

    private final PrintStream out;
    private final boolean colour;
    private final int width;
    private final Clock clock;

    public Screen(PrintStream out, boolean colour, int width, Clock clock) {
        this.out = out;
        this.colour = colour;
        this.width = width;
        this.clock = clock;
    }

    /** A line. Of control characters only this screen's own styles get through: what a stranger wrote must not steer the terminal. */
    public Screen line(String text) {
        out.println(clean(text));
        return this;
    }

    private String clean(String text) {
        if (text.codePoints().allMatch(c -> c == '\n' || Wrap.shows(c))) {
            return text;
        }
        StringBuilder kept = new StringBuilder(text.length());
        Matcher parts = PARTS.matcher(text);
        while (parts.find()) {
            boolean own = parts.group().equals("\n") || (colour && parts.group(STYLE) != null);
            kept.append(own ? parts.group() : Wrap.printable(parts.group()));
        }
        return kept.toString();
    }

    public Screen blank() {
        return line("");
    }

    public Screen heading(String text) {
        return line(paint(Style.BOLD, text));
    }

    /** A paragraph, its lines broken at the width of the terminal. */
    public Screen paragraph(String text, String indent) {
        Wrap.lines(text, Math.max(40, Math.min(width, 100) - indent.length()))
                .forEach(line -> line(line.isEmpty() ? "" : indent + line));
        return this;
    }

    /** The text in a style; unchanged where colour is off. */
    public String paint(Style style, String text) {
        return !colour || style == Style.PLAIN || text.isEmpty()
                ? text
                : "\u001b[" + style.sgr + "m" + text + "\u001b[0m";
    }

    public boolean colours() {
        return colour;
    }

    public int width() {
        return width;
    }

    public Ages ages() {
        return new Ages(clock.instant());
    }

    public void flush() {
        out.flush();
    }
}
