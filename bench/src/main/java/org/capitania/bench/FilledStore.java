package org.capitania.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.capitania.bench.RelayLoad.Committed;
import org.capitania.contract.Json;

/**
 * Mutations, their way to the broker and reads of other times once more, on a store that a load has filled, in turns with the same on one of the same make that
 * holds a few thousand nodes. Some tasks of either are changed first, so that there is another time to ask for.
 */
final class FilledStore {
    private static final int CLIENTS = 8;
    private static final int BATCH = 100;
    private static final int CHANGED = 1000;
    private static final int CHECKED = 40;
    private static final long SEED = 20261121;
    /** What the figures of a small store may become on a full one. */
    private static final double FACTOR = 2;

    private static final double P99_MILLIS = 25;
    private static final double RELAY_P99_MILLIS = 20;
    /** Many together, so that it is the relay that is measured and not a service at its limit. */
    private static final int TOLD_TOGETHER = 10;
    /** A create tells of a node and of its text, the patch after it of a node: 500 events. */
    private static final double REQUESTS_PER_SECOND = 500 / (1.5 * TOLD_TOGETHER);

    private final Side filled;
    private final Side small;
    private final int rounds;
    private final double seconds;
    private final double pacedSeconds;

    FilledStore(GraphProcess filled, GraphProcess small, boolean quick) throws IOException, SQLException {
        this.filled = new Side(filled);
        this.small = new Side(small);
        rounds = quick ? 2 : 10;
        seconds = quick ? 0.5 : 2;
        pacedSeconds = quick ? 3 : 20;
    }

    List<Figure> run() throws Exception {
        try (filled;
                small) {
            filled.check();
            small.check();
            // The order of the turns is drawn, so that neither side always comes second; seeded, so that a run can be
            // repeated.
            Turns turns = new Turns(() -> filled.graph.cpuMillis() + small.graph.cpuMillis(), new Random(SEED));
            filled.take(turns, "filled");
            small.take(turns, "small");
            turns.run(rounds, seconds);
            double half = turns.total("single filled").rate() / 2;
            List<Double> paced = filled.clients.paced((long) (pacedSeconds * 1e9), half);
            filled.check();
            small.check();
            relay();
            filled.check();
            small.check();
            List<Figure> figures = new ArrayList<>(relayed());
            for (String way : List.of("single", "batch")) {
                Turns.Total there = turns.total(way + " filled");
                Turns.Total here = turns.total(way + " small");
                figures.add(Figure.timesAtLeast(
                                "load.filled.mutations." + way,
                                there.rate(),
                                "rows/s",
                                "small store",
                                here.rate(),
                                1 / FACTOR,
                                there.slices())
                        .withCpu(there.cpuMillis(), here.cpuMillis()));
            }
            figures.add(Figure.atMost(
                    "load.filled.mutations.half_load.p99",
                    paced.stream().sorted().toList().get((int) (paced.size() * 0.99)),
                    "ms",
                    "limit",
                    FACTOR * P99_MILLIS,
                    paced.size()));
            for (String way : List.of("read", "as_of", "traversal", "traversal.as_of")) {
                Turns.Total there = turns.total(way + " filled");
                Turns.Total here = turns.total(way + " small");
                figures.add(Figure.times(
                                "load.filled." + way,
                                there.millis(),
                                "ms",
                                "small store",
                                here.millis(),
                                FACTOR,
                                there.slices())
                        .withCpu(there.cpuMillis(), here.cpuMillis()));
            }
            return figures;
        }
    }

    /** Commit to broker at a steady rate, a slice of one store and a slice of the other; the first of each warms up and does not count. */
    private void relay() throws Exception {
        for (int round = 0; round <= rounds; round++) {
            for (Side side : round % 2 == 0 ? List.of(filled, small) : List.of(small, filled)) {
                List<Double> millis = side.relay((long) (seconds * 1e9));
                if (round > 0) {
                    side.relayed.addAll(millis);
                }
            }
        }
    }

    private List<Figure> relayed() {
        return List.of(
                Figure.times(
                        "load.filled.relay.p50",
                        filled.relayed(0.5),
                        "ms",
                        "small store",
                        small.relayed(0.5),
                        FACTOR,
                        filled.relayed.size()),
                Figure.atMost(
                        "load.filled.relay.p99",
                        filled.relayed(0.99),
                        "ms",
                        "limit",
                        FACTOR * RELAY_P99_MILLIS,
                        filled.relayed.size()));
    }

    /** One of the two stores, with its clients. */
    private static final class Side implements AutoCloseable {
        private final GraphProcess graph;
        private final MutationClients clients;
        private final Wire wire;
        private final Arrivals arrivals;
        private final List<Double> relayed = new ArrayList<>();
        private final List<String> tasks;
        private final String then;
        /** Seeded: both sides read the same tasks, in every run. */
        private final Random random = new Random(SEED);

        Side(GraphProcess graph) throws IOException, SQLException {
            this.graph = graph;
            clients = new MutationClients(graph, CLIENTS);
            wire = graph.connect();
            arrivals = new Arrivals(graph.bootstrap());
            tasks = tasks(graph.postgres());
            // The real time is meant: the server, on this machine, dates the changes that follow by the same clock.
            then = "as_of=" + TimeBench.escaped(Instant.now());
            for (int i = 0; i < tasks.size(); i += BATCH) {
                wire.post(
                        "/v1/mutations",
                        graph.token(),
                        tasks.subList(i, Math.min(tasks.size(), i + BATCH)).stream()
                                .map(id -> "{\"op\":\"patch\",\"id\":\"" + id + "\",\"props\":{\"title\":\"changed\"}}")
                                .collect(Collectors.joining(",", "{\"ops\":[", "]}")));
            }
        }

        private static List<String> tasks(BenchPostgres postgres) throws SQLException {
            List<String> ids = new ArrayList<>();
            try (Connection admin = postgres.connect();
                    Statement statement = admin.createStatement();
                    // Spread over all of them, the same for the same ids.
                    ResultSet rows = statement.executeQuery(
                            "SELECT id::text FROM graph.nodes WHERE type = 'task' ORDER BY md5(id::text) LIMIT "
                                    + CHANGED)) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
            return ids;
        }

        void take(Turns turns, String name) {
            turns.way("single " + name, clients::singles)
                    .way("batch " + name, nanos -> clients.batches(nanos, BATCH))
                    .way("read " + name, reads(token -> wire.get("/v1/nodes/" + any(), token)))
                    .way("as_of " + name, reads(token -> wire.get("/v1/nodes/" + any() + "?" + then, token)))
                    .way("traversal " + name, reads(token -> TimeBench.around(wire, token, any(), "")))
                    .way("traversal.as_of " + name, reads(token -> TimeBench.around(wire, token, any(), then)));
        }

        private interface Read {
            void run(String token) throws IOException;
        }

        private Turns.Slice reads(Read read) {
            return nanos -> {
                String token = graph.token();
                long end = System.nanoTime() + nanos;
                long done = 0;
                while (System.nanoTime() < end) {
                    read.run(token);
                    done++;
                }
                return done;
            };
        }

        /** Of each change the milliseconds from when its writer knew that it was committed to when a reader had it from the broker. */
        List<Double> relay(long nanos) throws Exception {
            arrivals.forget();
            Queue<Committed> committed = new ConcurrentLinkedQueue<>();
            clients.paced(nanos, REQUESTS_PER_SECOND, TOLD_TOGETHER, committed::add);
            return committed.stream()
                    .map(change -> Math.max(0, (arrivals.of(change.key(), change.n()) - change.at()) / 1e6))
                    .toList();
        }

        double relayed(double quantile) {
            return relayed.stream().sorted().toList().get((int) (relayed.size() * quantile));
        }

        private String any() {
            return tasks.get(random.nextInt(tasks.size()));
        }

        /** No figure of wrong answers or of work not done. */
        void check() throws IOException, SQLException {
            String token = graph.token();
            for (String id : tasks.subList(0, Math.min(CHECKED, tasks.size()))) {
                require(version(wire.get("/v1/nodes/" + id, token)) == 2, id + " is not at its second version");
                require(
                        version(wire.get("/v1/nodes/" + id + "?" + then, token)) == 1,
                        id + " was not at its first then");
                require(
                        TimeBench.around(wire, token, id, "").equals(TimeBench.around(wire, token, id, then)),
                        id + " had other neighbours then");
                require(TimeBench.around(wire, token, id, "").size() > 2, id + " has too few neighbours");
            }
            BenchPostgres postgres = graph.postgres();
            long versions = postgres.number("SELECT sum(version) FROM graph.nodes");
            require(
                    postgres.number("SELECT count(*) FROM graph.history_nodes") == versions
                            && postgres.number("SELECT count(*) FROM graph.outbox WHERE topic = 'graph.node.changed'")
                                    == versions,
                    versions + " versions of nodes have another number of rows of history or of events");
            long memos = postgres.number(
                    "SELECT coalesce(sum(version), 0) FROM graph.nodes WHERE type = 'memo' AND slug ~ '^memo-5[0-9]{9}-'");
            require(memos == clients.written(), clients.written() + " ops were acknowledged, and there are " + memos);
        }

        private static long version(String answer) {
            return Json.read(answer, JsonNode.class)
                    .path("node")
                    .path("version")
                    .longValue();
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalStateException("the work is wrong: " + otherwise);
            }
        }

        @Override
        public void close() throws IOException {
            arrivals.close();
            clients.close();
            wire.close();
        }
    }
}
