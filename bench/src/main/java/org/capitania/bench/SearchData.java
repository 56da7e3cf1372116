package org.capitania.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Seeded texts and vectors that look like real ones: words as often as in a language (Zipf), vectors in clusters, tags that let a known
 * share of the nodes through.
 */
final class SearchData {
    static final int DIMENSIONS = 384;
    /** Parts of a thousand that carry the tag {@code p<part>}. */
    static final int[] SHARES = {1000, 500, 200, 50, 10, 1};

    private static final int WORDS = 20_000;
    private static final int CLUSTERS = 1000;
    private static final double SPREAD = 0.7;

    /** Seeded by the caller: the data is the same in every run, or figures could not be compared. */
    private final Random random;

    private final List<String> words = new ArrayList<>();
    private final double[] chances = new double[WORDS];
    private final float[][] centres = new float[CLUSTERS][];

    SearchData(long seed) {
        random = new Random(seed);
        double sum = 0;
        for (int i = 0; i < WORDS; i++) {
            words.add(word());
            sum += 1.0 / (i + 20);
            chances[i] = sum;
        }
        for (int i = 0; i < WORDS; i++) {
            chances[i] /= sum;
        }
        float[] everywhere = noise(1);
        for (int i = 0; i < CLUSTERS; i++) {
            centres[i] = noise(1);
            for (int d = 0; d < DIMENSIONS; d++) {
                centres[i][d] += everywhere[d];
            }
        }
    }

    String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(i == 0 ? "" : " ").append(words.get(pick()));
        }
        return text.toString();
    }

    /** What somebody might search for: words that are neither everywhere nor nowhere. */
    String query() {
        int first = 30 + random.nextInt(2000);
        int second = 30 + random.nextInt(2000);
        return words.get(first) + " " + words.get(second);
    }

    /** A vector near one of the clusters, as the database reads it. */
    String vector() {
        float[] centre = centres[random.nextInt(CLUSTERS)];
        float[] vector = noise(SPREAD);
        double squares = 0;
        for (int d = 0; d < DIMENSIONS; d++) {
            vector[d] += centre[d];
            squares += (double) vector[d] * vector[d];
        }
        double length = Math.sqrt(squares);
        StringBuilder text = new StringBuilder("[");
        for (int d = 0; d < DIMENSIONS; d++) {
            text.append(d == 0 ? "" : ",").append((float) (vector[d] / length));
        }
        return text.append(",0".repeat(512 - DIMENSIONS)).append(']').toString();
    }

    static String tags(int node) {
        List<String> tags = new ArrayList<>();
        for (int share : SHARES) {
            if (node % 1000 < share) {
                tags.add("p" + share);
            }
        }
        return "{" + String.join(",", tags) + "}";
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    private int pick() {
        double chance = random.nextDouble();
        int low = 0;
        int high = WORDS - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (chances[middle] < chance) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        for (int i = 2 + random.nextInt(3); i > 0; i--) {
            word.append("bcdfgjlmnprstvxz".charAt(random.nextInt(16))).append("aeiou".charAt(random.nextInt(5)));
            if (random.nextInt(3) == 0) {
                word.append("lmnrs".charAt(random.nextInt(5)));
            }
        }
        return word.toString();
    }

    private float[] noise(double size) {
        float[] vector = new float[DIMENSIONS];
        for (int d = 0; d < DIMENSIONS; d++) {
            vector[d] = (float) (random.nextGaussian() * size);
        }
        return vector;
    }
}
