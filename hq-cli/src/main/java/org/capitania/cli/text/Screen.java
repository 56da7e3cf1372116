package org.capitania.cli.text;

import java.io.PrintStream;
import java.time.Clock;

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

    public Screen line(String text) {
        out.println(text);
        return this;
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
