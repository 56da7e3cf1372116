package org.capitania.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * Ways of doing the same take turns, a short slice each, in another order each round: what else the machine does meets all of them alike.
 */
final class Turns {
    /** Works for about so long and says how many operations it did. */
    @FunctionalInterface
    interface Slice {
        long run(long nanos) throws Exception;
    }

    private record Way(String name, Slice slice, Total total) {}

    private final List<Way> ways = new ArrayList<>();
    private final DoubleSupplier cpuMillis;
    private final Random order;

    /** @param cpuMillis what the processes that work for the operations have computed so far */
    Turns(DoubleSupplier cpuMillis, Random order) {
        this.cpuMillis = cpuMillis;
        this.order = order;
    }

    Turns way(String name, Slice slice) {
        ways.add(new Way(name, slice, new Total()));
        return this;
    }

    /** What a way has done in all its slices. */
    static final class Total {
        private final List<Double> rates = new ArrayList<>();
        private long operations;
        private double cpuMillis;

        private void add(long done, long nanos, double cpu) {
            rates.add(done / (nanos / 1e9));
            operations += done;
            cpuMillis += cpu;
        }

        long operations() {
            return operations;
        }

        /** Operations a second, of the slice in the middle. */
        double rate() {
            List<Double> sorted = rates.stream().sorted().toList();
            return sorted.get(sorted.size() / 2);
        }

        /** Milliseconds an operation. */
        double millis() {
            return 1000 / rate();
        }

        /** CPU of one operation, in milliseconds. */
        double cpuMillis() {
            return cpuMillis / operations;
        }

        int slices() {
            return rates.size();
        }
    }

    /** Runs a slice of each in every round. The first round warms up and does not count. */
    Turns run(int rounds, double seconds) throws Exception {
        for (int round = 0; round <= rounds; round++) {
            List<Way> shuffled = new ArrayList<>(ways);
            Collections.shuffle(shuffled, order);
            for (Way way : shuffled) {
                double cpu = cpuMillis.getAsDouble();
                long start = System.nanoTime();
                long done = way.slice().run((long) (seconds * 1e9));
                long nanos = System.nanoTime() - start;
                if (round > 0) {
                    way.total().add(done, nanos, cpuMillis.getAsDouble() - cpu);
                }
            }
        }
        return this;
    }

    /** What a way has done; there is no figure of one that did nothing. */
    Total total(String name) {
        return ways.stream()
                .filter(way -> way.name().equals(name) && way.total().operations > 0)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + " did nothing"))
                .total();
    }
}
