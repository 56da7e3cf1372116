package org.capitania.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.capitania.bench.RelayLoad.Committed;

/**
 * Our relay and Debezium's outbox router carry the same rows of one outbox to the same broker, each in a process of its own with the same
 * flags, one at a time. First backlogs, as fast as each can; then a steady rate, with a transaction that is open for ten seconds in the
 * middle. Both topics are read whole: an event that is missing, doubled or out of its key's order fails the run. CPU is that of a relay's
 * process and of the server processes that work for it; the broker's is not in it.
 */
final class RelayBench {
    private static final int PER_SECOND = 500;
    private static final double A_THIRD = 1 / 3.0;
    private static final double LIMIT_MS = 20;
    private static final int KEYS = 60;
    /**
     * Until both, and the broker they share, are compiled for what they do here: they run for months. By then the compilers take as much of
     * the processors as all the work does.
     */
    private static final int WARM_UP = 12;

    private static final int WARM_UP_PER_SECOND = 1500;
    private static final int WARM_UP_BACKLOGS = 4;
    private static final int HELD_SECONDS = 10;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final int backlog;
    private final int backlogs;
    private final int seconds;
    private final int slices;

    private long written;

    /** @param quick fewer rows and shorter slices */
    RelayBench(boolean quick) {
        backlog = quick ? 10_000 : 40_000;
        backlogs = quick ? 2 : 6;
        seconds = quick ? 3 : 6;
        slices = quick ? 6 : 16;
    }

    /** What one side did, in all slices after the warm-up. */
    private static final class Sum {
        final RelaySide side;
        final List<Double> millis = new ArrayList<>();
        final List<Double> held = new ArrayList<>();
        double seconds;
        double cpu;
        double steadyCpu;
        long steady;

        Sum(RelaySide side) {
            this.side = side;
        }
    }

    List<Figure> run() {
        Path peer = PeerBuild.jar();
        try (RelayStage stage = new RelayStage();
                RelayReader reader = new RelayReader(stage.bootstrap());
                RelaySide ours = ours(stage);
                RelaySide theirs = peer(stage, peer)) {
            List<Sum> sums = List.of(new Sum(ours), new Sum(theirs));
            begin(stage, reader, sums);
            peak(stage, reader, sums);
            reader.start();
            steady(stage, reader, sums);
            for (Sum sum : sums) {
                await(() -> reader.count(sum.side.topic()) >= written, "the rest in " + sum.side.topic(), sum.side);
                reader.expect(sum.side.topic(), stage.counters());
            }
            return figures(sums.getFirst(), sums.getLast());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static RelaySide ours(RelayStage stage) {
        return new RelaySide(
                RelayStage.OUR_TOPIC,
                "watchdog-relay",
                stage.directory().resolve("relay.log"),
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        RelayProcess.class.getName(),
                        Integer.toString(stage.port()),
                        BenchPostgres.DATABASE,
                        stage.password(RelayStage.SCHEMA + "_relay"),
                        stage.bootstrap(),
                        RelayStage.SCHEMA,
                        "watchdog"));
    }

    private static RelaySide peer(RelayStage stage, Path jar) {
        return new RelaySide(
                RelayStage.PEER_TOPIC,
                "Debezium%",
                stage.directory().resolve("peer.log"),
                List.of(
                        "-jar",
                        jar.toString(),
                        Integer.toString(stage.port()),
                        BenchPostgres.DATABASE,
                        stage.peerRole(),
                        stage.peerPassword(),
                        stage.bootstrap(),
                        RelayStage.SCHEMA,
                        RelayStage.PEER_TOPIC,
                        stage.directory().resolve("offsets").toString()));
    }

    /** Waits until both carry; what was written before the peer had its slot, it never sees. */
    private void begin(RelayStage stage, RelayReader reader, List<Sum> sums) throws SQLException {
        await(stage::slotIsRead, "the peer's slot", sums.getLast().side);
        stage.fill(KEYS, KEYS);
        written += KEYS;
        for (Sum sum : sums) {
            sum.side.ring();
            await(() -> reader.end(sum.side.topic()) >= written, "the first events", sum.side);
            sum.side.hold(stage);
        }
    }

    private void peak(RelayStage stage, RelayReader reader, List<Sum> sums) throws SQLException {
        for (int i = 0; i < WARM_UP_BACKLOGS + backlogs; i++) {
            List<Double> before =
                    sums.stream().map(sum -> sum.side.cpuMillis(stage)).toList();
            stage.fill(backlog, KEYS);
            written += backlog;
            for (Sum sum : i % 2 == 0 ? sums : sums.reversed()) {
                long start = System.nanoTime();
                sum.side.go();
                await(() -> reader.end(sum.side.topic()) >= written, "a backlog", sum.side);
                double took = (System.nanoTime() - start) / 1e9;
                sum.side.hold(stage);
                System.err.printf("bench: %s %.0f events/s%n", sum.side.topic(), backlog / took);
                if (i >= WARM_UP_BACKLOGS) {
                    sum.seconds += took;
                }
            }
            for (int s = 0; s < sums.size() && i >= WARM_UP_BACKLOGS; s++) {
                sums.get(s).cpu += sums.get(s).side.cpuMillis(stage) - before.get(s);
            }
        }
    }

    private void steady(RelayStage stage, RelayReader reader, List<Sum> sums)
            throws SQLException, InterruptedException {
        for (Sum sum : sums) {
            await(() -> reader.count(sum.side.topic()) >= written, "the backlogs", sum.side);
        }
        try (RelayLoad load = new RelayLoad(stage);
                Connection open = stage.service();
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            Hold hold = new Hold(open, load);
            // One of ours: the first of the two has the even ones.
            int middle = WARM_UP + slices / 4 * 2;
            Future<?> ended = CompletableFuture.completedFuture(null);
            long base = written;
            for (int i = 0; i < WARM_UP + slices; i++) {
                Sum sum = sums.get(i % 2);
                sum.side.go();
                await(() -> reader.count(sum.side.topic()) >= base + load.written(), "what it had missed", sum.side);
                if (i == middle) {
                    hold.begin();
                    ended = clock.schedule(hold::end, HELD_SECONDS, TimeUnit.SECONDS);
                }
                // Few of them at a time, or the collector's pauses would be measured.
                reader.time();
                double cpu = sum.side.cpuMillis(stage);
                int perSecond = i < WARM_UP ? WARM_UP_PER_SECOND : PER_SECOND;
                List<Committed> events = load.run(perSecond, seconds, KEYS, i, sum.side);
                await(() -> reader.count(sum.side.topic()) >= base + load.written(), "a slice", sum.side);
                if (i >= WARM_UP) {
                    sum.steadyCpu += sum.side.cpuMillis(stage) - cpu;
                    sum.steady += events.size();
                    for (Committed event : events) {
                        double millis = Math.max(
                                0, (reader.arrival(sum.side.topic(), event.key(), event.n()) - event.at()) / 1e6);
                        sum.millis.add(millis);
                        if (hold.holds(event.at())) {
                            sum.held.add(millis);
                        }
                    }
                }
                sum.side.hold(stage);
            }
            ended.get();
            written = base + load.written();
            sums.forEach(sum -> sum.side.go());
        } catch (ExecutionException e) {
            throw new IllegalStateException("the transaction that was held open failed", e.getCause());
        }
    }

    /** The transaction that has appended and stays open. */
    private static final class Hold {
        private final Connection open;
        private final RelayLoad load;
        private volatile long from = Long.MAX_VALUE;
        private volatile long to = Long.MAX_VALUE;

        Hold(Connection open, RelayLoad load) {
            this.open = open;
            this.load = load;
        }

        private void begin() throws SQLException {
            open.setAutoCommit(false);
            RelayStage.append(open, "held");
            from = System.nanoTime();
        }

        private Void end() throws SQLException {
            to = System.nanoTime();
            load.alsoWritten();
            open.commit();
            return null;
        }

        boolean holds(long nanos) {
            return nanos >= from && nanos <= to;
        }
    }

    private List<Figure> figures(Sum ours, Sum theirs) {
        String peer = "Debezium";
        int events = Math.toIntExact(ours.steady);
        double rows = (double) backlog * backlogs;
        double p99 = at(ours.millis, 0.99);
        double cpu = ours.cpu / rows;
        double peerCpu = theirs.cpu / rows;
        double steadyCpu = ours.steadyCpu / ours.steady;
        double peerSteadyCpu = theirs.steadyCpu / theirs.steady;
        return List.of(
                Figure.timesAtLeast(
                                "relay.peak", rows / ours.seconds, "events/s", peer, rows / theirs.seconds, 3, backlogs)
                        .withCpu(cpu, peerCpu),
                Figure.times("relay.peak.cpu", 1000 * cpu, "µs", peer, 1000 * peerCpu, 0.25, backlogs),
                Figure.times(
                                "relay.latency.p50",
                                at(ours.millis, 0.5),
                                "ms",
                                peer,
                                at(theirs.millis, 0.5),
                                A_THIRD,
                                events)
                        .withCpu(steadyCpu, peerSteadyCpu),
                Figure.times("relay.latency.p99", p99, "ms", peer, at(theirs.millis, 0.99), A_THIRD, events)
                        .withCpu(steadyCpu, peerSteadyCpu),
                Figure.atMost("relay.commit_to_kafka.p99", p99, "ms", "limit", LIMIT_MS, events),
                Figure.atMost(
                        "relay.commit_to_kafka.p99_while_one_is_open",
                        at(ours.held, 0.99),
                        "ms",
                        "limit",
                        LIMIT_MS,
                        ours.held.size()));
    }

    private static double at(List<Double> values, double quantile) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(quantile * sorted.size())));
    }

    private static void await(BooleanSupplier done, String what, RelaySide side) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            side.check();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(what + " did not come: " + side.topic());
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
