package org.capitania.registry.freezing;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text in which nothing hides: characters that show nothing or turn the direction of writing become {@code ‹U+202E›}, and characters that
 * only look like others are followed by their code.
 *
 * @param shown the text for people
 * @param hidden how many invisible characters it had
 * @param lookAlikes how many that pass for others
 */
public record VisibleText(String shown, int hidden, int lookAlikes) {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");
    /** Scripts whose letters pass for Latin ones. */
    private static final Set<UnicodeScript> CONFUSABLE = EnumSet.of(
            UnicodeScript.CYRILLIC,
            UnicodeScript.GREEK,
            UnicodeScript.ARMENIAN,
            UnicodeScript.CHEROKEE,
            UnicodeScript.COPTIC,
            UnicodeScript.LISU);

    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private static final Pattern BACKTICKS = Pattern.compile("`+");

    public static VisibleText of(String text) {
        StringBuilder shown = new StringBuilder(text.length() + 16);
        int hidden = 0;
        int lookAlikes = 0;
        Matcher words = WORD.matcher(text);
        boolean[] mixed = new boolean[text.length()];
        while (words.find()) {
            if (mixes(words.group())) {
                java.util.Arrays.fill(mixed, words.start(), words.end(), true);
            }
        }
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int before = i == 0 ? -1 : text.codePointBefore(i);
            int next = i + Character.charCount(c);
            if (hides(c) && !emojiPart(c, before)) {
                shown.append(code(c));
                hidden++;
            } else {
                shown.appendCodePoint(c);
                if (passesForLatin(c, mixed[i])) {
                    shown.append(code(c));
                    lookAlikes++;
                }
            }
            i = next;
        }
        return new VisibleText(shown.toString(), hidden, lookAlikes);
    }

    public boolean plain() {
        return hidden == 0 && lookAlikes == 0;
    }

    /** What the owner is told of it beside the text; nothing of a plain one. */
    public List<String> warnings() {
        return plain()
                ? List.of()
                : List.of("it has " + hidden + " invisible characters and " + lookAlikes
                        + " that pass for others; they are written out");
    }

    /** What stands before and after a text in markdown so that nothing in it ends it. */
    public static String fence(String text) {
        return "`".repeat(Math.max(3, longestRun(text) + 1));
    }

    /** The most backticks that stand beside each other. */
    public static int longestRun(String text) {
        return BACKTICKS
                .matcher(text)
                .results()
                .mapToInt(run -> run.group().length())
                .max()
                .orElse(0);
    }

    /** What a string looks like at a glance: two addresses with one skeleton are easily taken for each other. */
    public static String skeleton(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKD).toLowerCase(java.util.Locale.ROOT);
        StringBuilder out = new StringBuilder();
        folded.codePoints()
                .filter(c -> !hides(c) && Character.getType(c) != Character.NON_SPACING_MARK)
                .forEach(c -> {
                    int at = LOOK_ALIKE.indexOf(c);
                    out.appendCodePoint(at < 0 ? c : LATIN.codePointAt(at));
                });
        return out.toString().replace("rn", "m").replace("vv", "w");
    }

    /** Letter by letter: what stands above looks like what stands below. */
    private static final String LOOK_ALIKE = "аеорсухкмтнвіјѕһԁԛԝӏαονρτυικ01|";

    private static final String LATIN = "aeopcyxkmthbijshdqwlaovptyikoll";

    private static boolean mixes(String word) {
        boolean latin = false;
        boolean other = false;
        for (int i = 0; i < word.length(); i += Character.charCount(word.codePointAt(i))) {
            UnicodeScript script = UnicodeScript.of(word.codePointAt(i));
            latin |= script == UnicodeScript.LATIN;
            other |= CONFUSABLE.contains(script);
        }
        return latin && other;
    }

    private static boolean passesForLatin(int c, boolean inMixedWord) {
        if (c < 0x80) {
            return false;
        }
        if (inMixedWord && CONFUSABLE.contains(UnicodeScript.of(c))) {
            return true;
        }
        String plain = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC);
        return plain.length() == 1
                && plain.charAt(0) < 0x80
                && Character.isLetterOrDigit(plain.charAt(0))
                && !superscript(c);
    }

    /** Superscript digits and ordinals are ordinary in prose. */
    private static boolean superscript(int c) {
        return c == 0xAA || c == 0xBA || c == 0xB2 || c == 0xB3 || c == 0xB9 || (c >= 0x2070 && c <= 0x209C);
    }

    private static boolean hides(int c) {
        if (c == '\n' || c == '\t') {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default ->
                (c >= 0xFE00 && c <= 0xFE0F)
                        || (c >= 0xE0100 && c <= 0xE01EF)
                        || c == 0x034F
                        || c == 0x115F
                        || c == 0x1160
                        || c == 0x17B4
                        || c == 0x17B5
                        || c == 0x2800
                        || c == 0x3164
                        || c == 0xFFA0;
        };
    }

    /** A joiner or a variation selector right after a pictograph belongs to it. */
    private static boolean emojiPart(int c, int before) {
        return (c == ZERO_WIDTH_JOINER || c == 0xFE0F || c == 0xFE0E)
                && before > 0
                && (Character.isEmoji(before) || Character.isEmojiModifier(before) || before == 0xFE0F);
    }

    private static String code(int c) {
        return "‹U+%04X›".formatted(c);
    }
}
