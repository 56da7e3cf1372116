package org.capitania.cli.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The word that was meant by one that was mistyped. */
public final class Nearest {
    private Nearest() {}

    /** What to add to a complaint about a word: nothing when none that there is resembles it. */
    public static String meant(String word, Collection<String> all) {
        return to(word, all).map(near -> "; did you mean " + near + "?").orElse("");
    }

    private static Optional<String> to(String word, Collection<String> all) {
        return all.stream()
                .filter(other -> distance(word, other) <= Math.max(1, word.length() / 3))
                .min(Comparator.comparingInt((String other) -> distance(word, other))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** How many letters have to be put in, left out, exchanged with another or with their neighbour. */
    static int distance(String one, String other) {
        int[][] steps = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                steps[i][j] = Math.min(steps[i - 1][j - 1] + same, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[one.length()][other.length()];
    }
}
