package org.capitania.registry.risk;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.capitania.registry.handler.TextChange;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a file's text. It is judged by what the text says before and afterwards, as markdown with and without its comments, and as YAML where
 * it is some: a change passes only when none of these readings shows it. It holds of a file that was no text before.
 *
 * @param lost a sentence with this expression does not stand there any more as it was, where it was
 * @param changed what stands under a heading or a name with this expression, or beside or right after it, is something else than before
 */
record TextTest(@Nullable String lost, @Nullable String changed) {
    /** Longer texts are not read, in characters: any change of one that has such a word holds. */
    private static final int LONGEST = 256 * 1024;

    /** Nobody nests so deep; who reads it line by line would take for ever. */
    private static final Pattern TOO_DEEP = Pattern.compile("(?m)^[ \\t>*+\\-.)\\d]{200}");

    private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?(?:-->|\\z)");

    boolean holds(Facts facts) {
        Optional<TextChange> text = facts.text();
        if (text.isEmpty()) {
            return false;
        }
        String was = text.get().before();
        if (was == null) {
            return true;
        }
        String before = lines(was);
        String after = lines(text.get().after());
        return (lost == null || lost(before, after, RiskLine.compiled(lost)))
                && (changed == null || changed(before, after, RiskLine.compiled(changed)));
    }

    /** Every system's ends of lines as one, without the mark that some editors put first. */
    private static String lines(String text) {
        String marked = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return marked.replace("\r\n", "\n").replace('\r', '\n');
    }

    private static boolean lost(String before, String after, Pattern wanted) {
        if (tooMuch(before) || tooMuch(after)) {
            return !before.equals(after)
                    && wanted.matcher(Passage.plain(before)).find();
        }
        return lostAsShown(before, after, wanted)
                || lostAsShown(withoutComments(before), withoutComments(after), wanted);
    }

    private static boolean lostAsShown(String before, String after, Pattern wanted) {
        List<Passage> gone = new ArrayList<>(said(before, wanted));
        // One by one: what stood there twice may not stand there once.
        said(after, wanted).forEach(gone::remove);
        return !gone.isEmpty();
    }

    private static List<Passage> said(String text, Pattern wanted) {
        return MarkdownReading.of(text, true).passages().stream()
                .filter(passage -> passage.says(wanted))
                .toList();
    }

    private static boolean changed(String before, String after, Pattern wanted) {
        if (tooMuch(before) || tooMuch(after)) {
            Pattern anywhere = Pattern.compile(wanted.pattern(), wanted.flags() | Pattern.MULTILINE);
            return !before.equals(after)
                    && anywhere.matcher(Passage.plain(before + "\n" + after)).find();
        }
        return changedAsShown(before, after, wanted)
                || changedAsShown(withoutComments(before), withoutComments(after), wanted);
    }

    private static boolean changedAsShown(String before, String after, Pattern wanted) {
        MarkdownReading then = MarkdownReading.of(before, false);
        MarkdownReading now = MarkdownReading.of(after, false);
        List<Passage> was = about(then.passages(), wanted);
        List<Passage> is = about(now.passages(), wanted);
        if (!was.equals(is) || !values(then.data(), wanted).equals(values(now.data(), wanted))) {
            return true;
        }
        Optional<List<Passage>> whole = YamlReading.of(before);
        Optional<List<Passage>> made = YamlReading.of(after);
        if (whole.isPresent() != made.isPresent()) {
            return !was.isEmpty()
                    || !about(whole.or(() -> made).orElseThrow(), wanted).isEmpty();
        }
        return !whole.map(all -> about(all, wanted)).equals(made.map(all -> about(all, wanted)));
    }

    private static List<Passage> values(List<String> texts, Pattern wanted) {
        return texts.stream()
                .flatMap(text -> YamlReading.of(text).stream())
                .flatMap(all -> about(all, wanted).stream())
                .toList();
    }

    /** Those that are about what is wanted: they say it, stand under it, or come after it where its value may stand. */
    private static List<Passage> about(List<Passage> all, Pattern wanted) {
        BitSet found = new BitSet();
        for (int i = 0; i < all.size(); i++) {
            Passage passage = all.get(i);
            if (passage.standsUnder(wanted)) {
                found.set(i);
            } else if (passage.says(wanted)) {
                found.set(i, Math.min(all.size(), i + 2));
                if (passage.lacksAValue(wanted)) {
                    found.set(i, end(all, i + 1));
                }
            }
        }
        return found.stream().mapToObj(all::get).toList();
    }

    /** Up to the next heading, with one that follows at once: it may be another reader's comment. */
    private static int end(List<Passage> all, int from) {
        int end = Math.min(all.size(), from + 1);
        while (end < all.size() && all.get(end).under().equals(all.get(end - 1).under())) {
            end++;
        }
        return end;
    }

    private static boolean tooMuch(String text) {
        return text.length() > LONGEST || TOO_DEEP.matcher(text).find();
    }

    private static String withoutComments(String text) {
        return COMMENT.matcher(text).replaceAll(" ");
    }
}
