package org.capitania.bench;

import org.jspecify.annotations.Nullable;

/**
 * One figure of a run.
 *
 * @param peer what it is compared with
 * @param ratio value to peer_value
 * @param goal in words
 * @param holds whether the goal is met
 * @param runs how often it was measured
 * @param cpuMs CPU of one operation in milliseconds, of all processes that work for it
 * @param peerCpuMs the same of what it is compared with
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
        int runs,
        @Nullable Double cpuMs,
        @Nullable Double peerCpuMs) {

    /** A figure that may be as high as the limit. */
    static Figure atMost(String name, double value, String unit, String peer, double limit, int runs) {
        String goal = "at most " + limit + " " + unit;
        return new Figure(name, value, unit, peer, limit, value / limit, goal, value <= limit, runs, null, null);
    }

    /** A figure that may be as low as the limit. */
    static Figure atLeast(String name, double value, String unit, String peer, double limit, int runs) {
        String goal = "at least " + limit + " " + unit;
        return new Figure(name, value, unit, peer, limit, value / limit, goal, value >= limit, runs, null, null);
    }

    /** A figure that may be so many times its peer's. */
    static Figure times(String name, double value, String unit, String peer, double peerValue, double most, int runs) {
        double ratio = value / peerValue;
        String goal = "at most " + most + " times";
        return new Figure(name, value, unit, peer, peerValue, ratio, goal, ratio <= most, runs, null, null);
    }

    /** A figure that has to be so many times its peer's. */
    static Figure timesAtLeast(
            String name, double value, String unit, String peer, double peerValue, double least, int runs) {
        double ratio = value / peerValue;
        String goal = "at least " + least + " times";
        return new Figure(name, value, unit, peer, peerValue, ratio, goal, ratio >= least, runs, null, null);
    }

    /** The same with the CPU of one operation beside the time. */
    Figure withCpu(double millis, double peerMillis) {
        return new Figure(name, value, unit, peer, peerValue, ratio, goal, holds, runs, millis, peerMillis);
    }
}
