package org.capitania.graph.search;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what the database cut out of a text into a snippet in which nothing is markup but our own marks. */
final class Snippets {
    /** Characters for private use, which stand around a match until the text is safe; the text's own are taken out before. */
    static final String START = "\ue000";

    static final String STOP = "\ue001";
    private static final String MARK = "**";

    /** What could steer a terminal, hide or turn text around. */
    private static final Pattern UNSEEN =
            Pattern.compile("[\\p{Cntrl}\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u2069\\uFEFF]+");

    private static final Pattern STARS = Pattern.compile("\\*+(?=[\ue000\ue001])|(?<=[\ue000\ue001])\\*+");
    private static final Pattern MORE_STARS = Pattern.compile("\\*{2,}");

    private Snippets() {}

    static @Nullable String of(@Nullable String cut) {
        if (cut == null || cut.isBlank()) {
            return null;
        }
        String text = UNSEEN.matcher(cut).replaceAll(" ").strip();
        text = MORE_STARS.matcher(STARS.matcher(text).replaceAll("")).replaceAll("*");
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace(START, MARK)
                .replace(STOP, MARK);
    }
}
