package org.capitania.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * The whole of a terminal, drawn anew in place: nothing is cleared before its new text stands there, so that it does not flicker. When it
 * ends, also by Ctrl-C, the terminal is as it was and the last that was drawn stands in it. Where there is no terminal it is closed from
 * the beginning.
 */
final class Page implements AutoCloseable {
    private static final String BEGIN = "\u001b[?1049h\u001b[?25l\u001b[?7l";
    private static final String END = "\u001b[?7h\u001b[?25h\u001b[?1049l";
    private static final String DRAW = "\u001b[?2026h\u001b[H";
    private static final String DRAWN = "\u001b[J\u001b[?2026l";
    private static final String REST_OF_LINE = "\u001b[K";

    private final PrintStream out;
    private final int rows;
    private List<String> last = List.of();
    private boolean open;

    private Page(PrintStream out, int rows, boolean open) {
        this.out = out;
        this.rows = rows;
        this.open = open;
    }

    static Page of(Environment environment, boolean json) {
        boolean able = environment.terminal().out()
                && !environment.variable("TERM").orElse("dumb").equals("dumb");
        Page page = new Page(environment.out(), environment.terminal().rows(), able && !json);
        if (page.isOpen()) {
            page.out.print(BEGIN);
            Runtime.getRuntime().addShutdownHook(new Thread(page::close));
        }
        return page;
    }

    synchronized boolean isOpen() {
        return open;
    }

    /**
     * Draws lines, as many as fit.
     *
     * @param note what stands below them; empty for nothing
     */
    synchronized void redraw(List<String> lines, String note) {
        if (!open) {
            return;
        }
        last = lines;
        int room = rows - (note.isEmpty() ? 1 : 2);
        StringBuilder frame = new StringBuilder(DRAW);
        boolean all = lines.size() <= room;
        lines.stream()
                .limit(all ? room : room - 1)
                .forEach(line -> frame.append(line).append(REST_OF_LINE).append("\r\n"));
        if (!all) {
            frame.append("… ")
                    .append(lines.size() - room + 1)
                    .append(" more lines")
                    .append(REST_OF_LINE)
                    .append("\r\n");
        }
        frame.append(note).append(REST_OF_LINE).append(DRAWN);
        out.print(frame);
        out.flush();
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            out.print(END);
            last.forEach(out::println);
            out.flush();
        }
    }
}
