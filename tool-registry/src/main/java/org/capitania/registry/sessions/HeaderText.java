package org.capitania.registry.sessions;

import java.util.List;

/** The header as it grows: parts in the order in which they are added, each under a cap of its own and all under one, in tokens. */
final class HeaderText {
    /** A header is no longer than this, and as long as that where there is so much to tell (section 13.4 of the seeds). */
    static final int CEILING = 8000;

    static final int FLOOR = 2000;

    private static final int HEADING = 20;

    private final StringBuilder out = new StringBuilder();
    private int used;

    /** Adds a line that is always there. */
    HeaderText line(String text) {
        used += tokens(text) + 1;
        out.append(text).append('\n');
        return this;
    }

    /** Adds a part of pieces, in their order, as long as they fit; none of them is cut. How many it has. */
    int pieces(String heading, int cap, List<String> pieces) {
        int room = cap - HEADING;
        StringBuilder part = new StringBuilder();
        int left = 0;
        for (String piece : pieces) {
            int tokens = tokens(piece) + 1;
            if (left == 0 && tokens <= room) {
                room -= tokens;
                part.append(piece).append('\n');
            } else {
                left++;
            }
        }
        if (!part.isEmpty()) {
            used += cap - HEADING - room;
            head(heading);
            out.append(part);
            if (left > 0) {
                out.append("- and ").append(left).append(" more\n");
            }
        }
        return pieces.size() - left;
    }

    /** Adds a part of text, cut where the cap is reached. */
    void text(String heading, int cap, String text) {
        int end = text.length();
        while (end > 0 && tokens(text.substring(0, end)) > cap - HEADING) {
            end = end * 9 / 10;
        }
        if (end > 0) {
            String shown = Plain.cut(text, end);
            used += tokens(shown) + 1;
            head(heading);
            out.append(shown).append('\n');
        }
    }

    private void head(String heading) {
        used += HEADING;
        out.append("\n## ").append(heading).append("\n\n");
    }

    /** What is left of the ceiling. */
    int room() {
        return CEILING - used;
    }

    /** What is missing to the floor, by a guess that is rather too short: five characters a token. */
    int missing() {
        return FLOOR - out.length() / 5;
    }

    @Override
    public String toString() {
        return out.toString();
    }

    /**
     * What a text takes, rather too many than too few: no tokenizer is loaded for it. Letters and spaces are three in ten, digits and
     * marks, of which ids are made, eight.
     */
    static int tokens(String text) {
        long tenths = text.codePoints()
                .mapToLong(c -> {
                    if (c < 128) {
                        return c == ' ' || Character.isLetter(c) ? 3 : 8;
                    }
                    return c < 0x800 ? 10 : 20;
                })
                .sum();
        return Math.toIntExact((tenths + 9) / 10);
    }
}
