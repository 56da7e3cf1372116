package org.capitania.registry.plain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that a person will read, and what is not plain about it. What it quotes, code, addresses and a signature are not its own words. It
 * is lenient: a short text, a list and a language that is not known pass. Each pattern is linear in the text: a model writes it.
 */
final class PlainText {
    private static final Pattern NOT_ITS_OWN = Pattern.compile(
            "(?s)```.*?```|`[^`]*`|\"[^\"]{0,4000}\"|“[^“”]{0,4000}”|«[^«»]{0,4000}»|https?://\\S+|(?<!\\S)[^\\s@]{1,320}+@\\S+");
    private static final Pattern QUOTED_LINE = Pattern.compile("(?m)^[ \\t]*+>.*$");
    private static final Pattern SIGNATURE = Pattern.compile("(?s)(?:^|\\n)-- ?\\n.*$");
    private static final Pattern NOT_PROSE = Pattern.compile("(?m)^[ \\t]*+(?:#|\\||[-*•]\\s|\\d+[.)]\\s).*$");
    private static final Pattern ASIDE = Pattern.compile("\\([^()]*\\)");
    private static final Pattern UUID = Pattern.compile("\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b");
    private static final Pattern SLUG = Pattern.compile(
            "\\b(?:entity|contact|project|engagement|task|invoice|conversation|interaction|feature|decision|intent|expectation|proposal|producer):[a-z0-9][a-z0-9-]{2,}");
    private static final int JUDGED_FROM = 12;
    private static final double TELEGRAPHIC = 0.16;

    private final String text;
    private final String[] prose;

    private PlainText(String own) {
        this.text = own;
        this.prose = words(NOT_PROSE.matcher(own).replaceAll(" "));
    }

    static PlainText of(String written) {
        String bare = SIGNATURE.matcher(written.replace("\r\n", "\n")).replaceFirst("");
        return new PlainText(
                NOT_ITS_OWN.matcher(QUOTED_LINE.matcher(bare).replaceAll(" ")).replaceAll(" "));
    }

    /** The language that it is clearly written in. */
    Optional<Tongue> tongue() {
        return prose.length < JUDGED_FROM ? Optional.empty() : Tongue.of(prose);
    }

    /**
     * What a reader would stumble over, beside the language.
     *
     * @param outside whether the reader is no one of this company, to whom a slug tells as little as an id
     */
    List<String> objections(boolean outside) {
        List<String> found = new ArrayList<>();
        String named = ASIDE.matcher(text).replaceAll(" ");
        Matcher id = UUID.matcher(outside ? text : named);
        Matcher slug = SLUG.matcher(text);
        if (id.find()) {
            found.add("it shows the id " + id.group() + " where a name belongs");
        } else if (outside && slug.find()) {
            found.add("it shows " + slug.group() + ", which means nothing outside this company");
        }
        if (prose.length >= JUDGED_FROM && Tongue.carried(prose) < TELEGRAPHIC) {
            found.add("it reads like notes, not like sentences");
        }
        return found;
    }

    private static String[] words(String text) {
        return Pattern.compile("[\\p{L}']+")
                .matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(r -> r.group())
                .toArray(String[]::new);
    }
}
