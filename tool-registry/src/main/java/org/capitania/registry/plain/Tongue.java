package org.capitania.registry.plain;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A language that can be told by its commonest words; of others nothing is said. */
enum Tongue {
    ENGLISH(
            "English",
            "the of and to in is are was were be been you your we our us for with that this these have has had can could "
                    + "would will please when what which it on at from by not if but they their them there he she his her i my "
                    + "an or so then about into than who how out up"),
    PORTUGUESE(
            "Portuguese",
            "o os um uma de da das dos em na nas nos ao aos à às que não para por com é são foi foram está estão ser estar "
                    + "se mais mas como quando qual quais ou já ainda pelo pela seu sua seus suas nosso nossa nossos nossas "
                    + "vosso vossa este esta isto esse essa isso lhe lhes nos eles elas também muito há tem têm");

    /** Words that carry a sentence in languages that are not told apart here. */
    private static final Set<String> ELSEWHERE = words(
            "a as e y el la los las le les des et est dans pour avec une der die das und ist "
                    + "nicht mit ein eine zu den von für auf il lo gli che di per non è sono del en con es se su un al no do me");

    /** So many of its words, and so many times as many as of the other language, tell a language. */
    private static final int ENOUGH = 5;

    private static final int CLEARLY = 3;

    private final String spoken;
    private final Set<String> words;

    Tongue(String spoken, String words) {
        this.spoken = spoken;
        this.words = words(words);
    }

    String spoken() {
        return spoken;
    }

    /** The language of a tag such as {@code pt-PT}; nothing for one that is not known here. */
    static Optional<Tongue> ofTag(String tag) {
        String lower = tag.strip().toLowerCase(Locale.ROOT);
        return lower.startsWith("pt")
                ? Optional.of(PORTUGUESE)
                : lower.startsWith("en") ? Optional.of(ENGLISH) : Optional.empty();
    }

    /** The language that these words are clearly written in. */
    static Optional<Tongue> of(String[] text) {
        int english = ENGLISH.count(text);
        int portuguese = PORTUGUESE.count(text);
        if (Math.max(english, portuguese) < ENOUGH) {
            return Optional.empty();
        }
        return english >= CLEARLY * portuguese
                ? Optional.of(ENGLISH)
                : portuguese >= CLEARLY * english ? Optional.of(PORTUGUESE) : Optional.empty();
    }

    /** How much of a text is words that carry sentences, 0 to 1. */
    static double carried(String[] text) {
        int count = 0;
        for (String word : text) {
            if (ENGLISH.words.contains(word) || PORTUGUESE.words.contains(word) || ELSEWHERE.contains(word)) {
                count++;
            }
        }
        return text.length == 0 ? 0 : (double) count / text.length;
    }

    private int count(String[] text) {
        int count = 0;
        for (String word : text) {
            count += words.contains(word) ? 1 : 0;
        }
        return count;
    }

    private static Set<String> words(String all) {
        return Set.copyOf(Arrays.asList(all.split(" ")));
    }
}
