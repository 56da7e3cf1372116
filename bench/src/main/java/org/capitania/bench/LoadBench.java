package org.capitania.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.capitania.embedded.MachineProblem;

/**
 * One file of nodes and three times as many edges into a running graph-service, with all that an ordinary write is. Meanwhile a client
 * writes ten ordinary mutations a second, and somebody counts what waits for the broker. Then what other benchmarks measure on small stores
 * is measured on this one, in turns with a small one.
 */
final class LoadBench {
    private static final long SEED = 20261121;
    private static final long BETWEEN_MUTATIONS = 100_000_000L;
    /** What a load lets wait ({@code hq.load.backlog}), and what the chunk adds that it then writes. */
    private static final int MOST_WAITING = 20_000 + 3 * 2_000;

    /** Four million rows in less than twenty minutes. */
    private static final double LEAST_ROWS = 3400;

    private static final double LEAST_OF_A_KIND = 1000;
    private static final double LONGEST_MEANWHILE = 250;
    private static final String OTHERS = "type IN ('memo', 'producer')";
    /** Of a node, its three edges and their events: tables, history, outbox, topics and the file take about 25 kB. */
    private static final long BYTES_A_NODE = 40_000;

    private static final int QUICK = 4_000;

    private final boolean quick;
    private final int nodes;

    /** @param quick four thousand nodes, not a million (or what {@code hq.bench.load.nodes} says) */
    LoadBench(boolean quick) {
        this.quick = quick;
        nodes = quick ? QUICK : Integer.getInteger("hq.bench.load.nodes", 1_000_000);
    }

    List<Figure> run() {
        try (GraphProcess graph = new GraphProcess();
                ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Figure> figures = new ArrayList<>(measured(graph, threads));
            try (GraphProcess small = new GraphProcess()) {
                load(small, new LoadData(QUICK, SEED));
                figures.addAll(new FilledStore(graph, small, quick).run());
            }
            return figures;
        } catch (Exception e) {
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    private List<Figure> measured(GraphProcess graph, ExecutorService threads) throws Exception {
        LoadData data = new LoadData(nodes, SEED);
        long free = Files.getFileStore(graph.postgres().directory()).getUsableSpace();
        if (free < nodes * BYTES_A_NODE) {
            throw new MachineProblem(
                    MachineProblem.Kind.DISK,
                    nodes + " nodes and their edges take up to " + nodes * BYTES_A_NODE / 1_000_000_000 + " GB, and "
                            + graph.postgres().directory() + " has " + free / 1_000_000_000);
        }
        AtomicBoolean loading = new AtomicBoolean(true);
        Future<List<Double>> others = threads.submit(() -> meanwhile(graph, loading));
        Future<Long> waiting = threads.submit(() -> mostWaiting(graph, loading));
        double cpu = graph.cpuMillis();
        double seconds;
        try {
            seconds = load(graph, data);
        } finally {
            loading.set(false);
        }
        double cpuOfARow = (graph.cpuMillis() - cpu) / (nodes + data.edges());
        List<Double> millis = others.get().stream().sorted().toList();
        check(graph, data, millis.size());
        System.err.printf("bench: loaded in %.0f s%n", seconds);
        double nodesSeconds =
                seconds(graph, "history_nodes AS h JOIN graph.nodes AS n USING (tenant_id, id) WHERE NOT " + OTHERS);
        double edgesSeconds = seconds(graph, "history_edges AS h");
        return List.of(
                Figure.atLeast("load.nodes", nodes / nodesSeconds, "nodes/s", "limit", LEAST_OF_A_KIND, 1),
                Figure.atLeast("load.edges", data.edges() / edgesSeconds, "edges/s", "limit", LEAST_OF_A_KIND, 1),
                Figure.atLeast("load.rows", (nodes + data.edges()) / seconds, "rows/s", "limit", LEAST_ROWS, 1)
                        .withCpu(cpuOfARow, 0),
                Figure.atMost("load.waiting_events", waiting.get(), "events", "limit", MOST_WAITING, 1),
                Figure.atMost(
                        "load.meanwhile.p99",
                        millis.get((int) (millis.size() * 0.99)),
                        "ms",
                        "limit",
                        LONGEST_MEANWHILE,
                        millis.size()));
    }

    /** Sends all of it as one file; how many seconds that took. */
    private static double load(GraphProcess graph, LoadData data) throws IOException {
        Path file = graph.postgres().directory().resolve("company.ndjson");
        data.write(file);
        System.err.println("bench: " + data.lines() + " lines, " + Files.size(file) / 1_000_000 + " MB");
        long start = System.nanoTime();
        try (Wire wire = graph.connect()) {
            wire.postLines("/v1/load", graph.token(), "bench", file);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Files.delete(file);
        return seconds;
    }

    /** From the first row to the last, as history dates them. */
    private static double seconds(GraphProcess graph, String rows) throws SQLException {
        return Math.max(
                0.001,
                graph.postgres()
                                .number(
                                        "SELECT (extract(epoch FROM max(h.recorded_at) - min(h.recorded_at)) * 1000)::bigint FROM graph."
                                                + rows)
                        / 1000.0);
    }

    /** What one who knows nothing of the load waits for each mutation, in milliseconds. */
    private static List<Double> meanwhile(GraphProcess graph, AtomicBoolean loading) throws IOException {
        Texts texts = new Texts();
        AtomicLong number = new AtomicLong();
        List<Double> millis = new ArrayList<>();
        try (Wire wire = graph.connect()) {
            long due = System.nanoTime();
            while (loading.get()) {
                String op = texts.create(number.incrementAndGet());
                wire.post("/v1/mutations", graph.token(), "{\"ops\":[" + op + "]}");
                millis.add((System.nanoTime() - due) / 1e6);
                due = Math.max(due + BETWEEN_MUTATIONS, System.nanoTime());
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
        }
        return millis;
    }

    private static long mostWaiting(GraphProcess graph, AtomicBoolean loading) throws SQLException {
        long most = 0;
        // One connection: to make one takes longer than to count.
        try (Connection admin = graph.postgres().connect();
                PreparedStatement count = admin.prepareStatement("SELECT graph.outbox_backlog(1000000)")) {
            while (loading.get()) {
                try (ResultSet row = count.executeQuery()) {
                    row.next();
                    most = Math.max(most, row.getLong(1));
                }
                LockSupport.parkNanos(BETWEEN_MUTATIONS);
            }
        }
        return most;
    }

    /** No figure without the work: every line is one row, one version of history, one event, and all events reach the broker. */
    private void check(GraphProcess graph, LoadData data, int mutations) throws SQLException {
        BenchPostgres postgres = graph.postgres();
        require(
                postgres.number("SELECT lines FROM graph.loads WHERE finished_at IS NOT NULL"),
                nodes + data.edges(),
                "lines");
        require(postgres.number("SELECT count(*) FROM graph.nodes WHERE NOT " + OTHERS), nodes, "nodes");
        require(
                postgres.number("SELECT count(*) FROM graph.nodes WHERE type = 'memo'"),
                mutations,
                "mutations meanwhile");
        require(postgres.number("SELECT count(*) FROM graph.edges"), data.edges(), "edges");
        long all = postgres.number("SELECT count(*) FROM graph.nodes");
        require(postgres.number("SELECT count(*) FROM graph.history_nodes"), all, "versions of nodes");
        require(postgres.number("SELECT count(*) FROM graph.history_edges"), data.edges(), "versions of edges");
        require(
                postgres.number("SELECT count(*) FROM graph.outbox WHERE topic = 'graph.node.changed'"),
                all,
                "events of nodes");
        require(
                postgres.number("SELECT count(*) FROM graph.outbox WHERE topic = 'graph.edge.changed'"),
                data.edges(),
                "events of edges");
        require(postgres.number("SELECT count(*) FROM graph.load_refs"), 0, "refs left");
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (postgres.number("SELECT graph.outbox_backlog(1)") > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(BETWEEN_MUTATIONS);
        }
        require(postgres.number("SELECT graph.outbox_backlog(1)"), 0, "events that the broker has not got");
        require(records(postgres, "hq.graph.nodes"), all, "records of nodes");
        require(records(postgres, "hq.graph.edges"), data.edges(), "records of edges");
    }

    /** As the broker has acknowledged them to the relay, which has sent nothing twice: it was not ended. */
    private static long records(BenchPostgres postgres, String topic) throws SQLException {
        return postgres.number("SELECT sum(next_offset) FROM graph.relay_progress WHERE topic = '" + topic + "'");
    }

    private static void require(long found, long expected, String what) {
        if (found != expected) {
            throw new IllegalStateException(
                    "the work is wrong: " + found + " " + what + ", and there should be " + expected);
        }
    }
}
