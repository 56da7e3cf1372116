package org.capitania.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/**
 * One file of nodes and three times as many edges into a running graph-service, with all that an ordinary write is. Meanwhile a client
 * writes ten ordinary mutations a second, and somebody counts what waits for the broker.
 */
final class LoadBench {
    private static final long SEED = 20261121;
    private static final long BETWEEN_MUTATIONS = 100_000_000L;
    /** What a load lets wait ({@code hq.load.backlog}), and what the chunk adds that it then writes. */
    private static final int MOST_WAITING = 20_000 + 3 * 2_000;

    private static final double LEAST_ROWS = 1000;
    private static final double LONGEST_MEANWHILE = 250;
    private static final String OTHERS = "type IN ('memo', 'producer')";

    private final int nodes;

    /** @param quick four thousand nodes, not a million */
    LoadBench(boolean quick) {
        nodes = quick ? 4_000 : 1_000_000;
    }

    List<Figure> run() {
        try (GraphProcess graph = new GraphProcess();
                ExecutorService threads = Executors.newCachedThreadPool()) {
            return measured(graph, threads);
        } catch (Exception e) {
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    private List<Figure> measured(GraphProcess graph, ExecutorService threads) throws Exception {
        LoadData data = new LoadData(nodes, SEED);
        Path file = graph.postgres().directory().resolve("company.ndjson");
        data.write(file);
        System.err.println("bench: " + (nodes + data.edges()) + " lines, " + Files.size(file) / 1_000_000 + " MB");
        AtomicBoolean loading = new AtomicBoolean(true);
        Future<List<Double>> others = threads.submit(() -> meanwhile(graph, loading));
        Future<Long> waiting = threads.submit(() -> mostWaiting(graph, loading));
        double cpu = graph.cpuMillis();
        long start = System.nanoTime();
        try (Wire wire = graph.connect()) {
            wire.postLines("/v1/load", graph.token(), "bench", file);
        } finally {
            loading.set(false);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuOfARow = (graph.cpuMillis() - cpu) / (nodes + data.edges());
        List<Double> millis = others.get().stream().sorted().toList();
        check(graph, data, millis.size());
        double nodesSeconds =
                seconds(graph, "history_nodes AS h JOIN graph.nodes AS n USING (tenant_id, id) WHERE NOT " + OTHERS);
        double edgesSeconds = seconds(graph, "history_edges AS h");
        return List.of(
                Figure.atLeast("load.nodes", nodes / nodesSeconds, "nodes/s", "limit", LEAST_ROWS, 1),
                Figure.atLeast("load.edges", data.edges() / edgesSeconds, "edges/s", "limit", LEAST_ROWS, 1),
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
        while (loading.get()) {
            most = Math.max(most, graph.postgres().number("SELECT graph.outbox_backlog(1000000)"));
            LockSupport.parkNanos(BETWEEN_MUTATIONS);
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
    }

    private static void require(long found, long expected, String what) {
        if (found != expected) {
            throw new IllegalStateException(
                    "the work is wrong: " + found + " " + what + ", and there should be " + expected);
        }
    }
}
