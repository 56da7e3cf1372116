package org.capitania.approval.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A mail's text parted into what it says and the quotation at its end. */
record Quoted(String said, @Nullable String quoted) {

    /** Only a quotation that runs to the end is parted: one in the middle is being answered. */
    static Quoted split(String text) {
        List<String> lines = text.strip().lines().toList();
        int from = lines.size();
        while (from > 0
                && (lines.get(from - 1).startsWith(">") || lines.get(from - 1).isBlank())) {
            from--;
        }
        boolean quotes = lines.stream().skip(from).anyMatch(l -> l.startsWith(">"));
        if (!quotes || from == 0) {
            return new Quoted(text.strip(), null);
        }
        int end = from;
        // "On Monday Ana wrote:" belongs to the quotation.
        if (lines.get(end - 1).stripTrailing().endsWith(":") && end > 1) {
            end--;
        }
        return new Quoted(
                String.join("\n", lines.subList(0, end)).strip(),
                String.join("\n", lines.subList(end, lines.size())).strip());
    }
}
