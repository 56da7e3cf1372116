package org.capitania.registry.risk;

import java.text.Normalizer;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.parser.Parser;

/**
 * One thing that a text says, and where it says it.
 *
 * @param under the headings, or the names, it stands under, from the outermost
 * @param kind what shows it: a line of a table is not the same in a comment
 */
record Passage(List<String> under, String kind, String text) {
    private static final Pattern ESCAPED = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))");

    /** Whether an expression is found in it, however its letters are written. */
    boolean says(Pattern expression) {
        return expression.matcher(plain(text)).find();
    }

    /** Whether it stands under something that the expression names. */
    boolean standsUnder(Pattern expression) {
        return under.stream().anyMatch(name -> expression.matcher(plain(name)).find());
    }

    /** Whether nothing follows what the expression finds, so that the value must stand elsewhere. */
    boolean lacksAValue(Pattern expression) {
        String plain = plain(text);
        var matcher = expression.matcher(plain);
        return matcher.find() && plain.substring(matcher.end()).codePoints().noneMatch(Character::isLetterOrDigit);
    }

    /** Letters as every reader takes them in the end: no entities, no escapes, nothing that shows nothing. */
    static String plain(String text) {
        String decoded = ESCAPED.matcher(Parser.unescapeEntities(text, false)).replaceAll(found -> {
            String code = found.group(1) == null ? found.group(2) : found.group(1);
            return java.util.regex.Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(code, 16)));
        });
        return Normalizer.normalize(decoded.replace("\\", ""), Normalizer.Form.NFKC)
                .replaceAll("\\p{Cf}", "");
    }
}
