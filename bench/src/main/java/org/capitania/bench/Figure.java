package org.capitania.bench;

/**
 * One figure of a run.
 *
 * @param peer what it is compared with
 * @param ratio value to peer_value
 * @param goal in words
 * @param holds whether the goal is met
 * @param runs how often it was measured
 */
record Figure(
        String name,
        double value,
        String unit,
        String peer,
        double peerValue,
        double ratio,
        String goal,
        boolean holds,
        int runs) {

    /** A figure that may be as high as the limit. */
    static Figure atMost(String name, double value, String unit, String peer, double limit, int runs) {
        return new Figure(
                name, value, unit, peer, limit, value / limit, "at most " + limit + " " + unit, value <= limit, runs);
    }

    /** A figure that may be as low as the limit. */
    static Figure atLeast(String name, double value, String unit, String peer, double limit, int runs) {
        return new Figure(
                name, value, unit, peer, limit, value / limit, "at least " + limit + " " + unit, value >= limit, runs);
    }

    /** A figure that may be so many times its peer's. */
    static Figure times(String name, double value, String unit, String peer, double peerValue, double most, int runs) {
        double ratio = value / peerValue;
        return new Figure(name, value, unit, peer, peerValue, ratio, "at most " + most + " times", ratio <= most, runs);
    }
}
