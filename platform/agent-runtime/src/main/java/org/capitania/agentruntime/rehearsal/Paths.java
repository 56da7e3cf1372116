package org.capitania.agentruntime.rehearsal;

/**
 * Which of several sensible ways is taken: always the same for one seed, task and fork in the road, whatever happened before it.
 *
 * @param seed of the whole company's rehearsal
 * @param task the task, which makes its way its own
 */
record Paths(long seed, String task) {

    /** One of {@code ways}, counted from 0. */
    int pick(String fork, int ways) {
        return Math.floorMod(mix(seed * 31 + (task + "\n" + fork).hashCode()), ways);
    }

    @SafeVarargs
    final <T> T one(String fork, T... ways) {
        return ways[pick(fork, ways.length)];
    }

    /** Spreads neighbouring seeds; the finalizer of SplitMix64. */
    private static int mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return (int) (z ^ (z >>> 31));
    }
}
