package org.capitania.cli.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.capitania.cli.text.Screen.Style;

/** Aligned columns; the last one is cut where the terminal ends. */
public final class Table {
    private record Cell(String text, Style style) {}

    private static final String GAP = "  ";

    private final List<String> heads;
    private final List<List<Cell>> rows = new ArrayList<>();
    private final boolean[] right;

    public Table(String... heads) {
        this.heads = List.of(heads);
        this.right = new boolean[heads.length];
    }

    /** Numbers stand at the right of their column. */
    public Table right(int... columns) {
        Arrays.stream(columns).forEach(column -> right[column] = true);
        return this;
    }

    public Table row(String... cells) {
        rows.add(Arrays.stream(cells)
                .map(text -> new Cell(flat(text), Style.PLAIN))
                .toList());
        return this;
    }

    /** Styles one cell of the row added last. */
    public Table style(int column, Style style) {
        List<Cell> row = new ArrayList<>(rows.removeLast());
        row.set(column, new Cell(row.get(column).text(), style));
        rows.add(List.copyOf(row));
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    public void print(Screen screen) {
        int[] widths = widths();
        screen.line(screen.paint(
                Style.DIM,
                format(heads.stream().map(h -> new Cell(h, Style.PLAIN)).toList(), widths, screen)));
        rows.forEach(row -> screen.line(format(row, widths, screen)));
    }

    private int[] widths() {
        int[] widths = new int[heads.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = heads.get(i).length();
            for (List<Cell> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).text().length());
            }
        }
        return widths;
    }

    private String format(List<Cell> row, int[] widths, Screen screen) {
        StringBuilder line = new StringBuilder();
        int used = 0;
        for (int i = 0; i < row.size(); i++) {
            boolean last = i == row.size() - 1;
            String text = row.get(i).text();
            if (last && !right[i]) {
                text = Wrap.cut(text, Math.max(12, screen.width() - used));
            }
            String pad = " ".repeat(Math.max(0, widths[i] - text.length()));
            String painted = screen.paint(row.get(i).style(), text);
            line.append(right[i] ? pad + painted : last ? painted : painted + pad);
            line.append(last ? "" : GAP);
            used += widths[i] + GAP.length();
        }
        return line.toString().stripTrailing();
    }

    private static String flat(String text) {
        return Wrap.printable(text.replace('\n', ' ').replace('\r', ' '));
    }
}
