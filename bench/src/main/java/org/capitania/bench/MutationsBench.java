package org.capitania.bench;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Mutations of a running graph-service through HTTP, with all that a write is: token, schema, history, outbox, row-level security. Beside
 * them pgbench sends the server the very statements that the service sends, with as many clients. The service's relay publishes what
 * either of them writes.
 */
final class MutationsBench {
    private static final int CLIENTS = 8;
    private static final int BATCH = 100;
    private static final long SEED = 20261121;
    private static final String OF_PGBENCH =
            "id BETWEEN '00000000-0000-7000-8000-000000000000' AND '00000000-0000-7000-8000-ffffffffffff'";

    private final int rounds;
    private final double seconds;
    private final double pacedSeconds;

    /** @param quick fewer and shorter slices */
    MutationsBench(boolean quick) {
        rounds = quick ? 2 : 10;
        seconds = quick ? 1 : 3;
        pacedSeconds = quick ? 3 : 60;
    }

    List<Figure> run() {
        try (GraphProcess graph = new GraphProcess();
                MutationClients clients = new MutationClients(graph, CLIENTS)) {
            clients.singles((long) (seconds * 1e9));
            List<String> scripts = new ServiceSql(graph).scripts();
            // What the run itself did not write through the clients: their producers and the ops that were looked at.
            long before = changes(graph) - clients.written();
            try (PgBench pgbench = new PgBench(graph.postgres(), scripts, CLIENTS)) {
                return measured(graph, clients, pgbench, before);
            }
        } catch (Exception e) {
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    private List<Figure> measured(GraphProcess graph, MutationClients clients, PgBench pgbench, long before)
            throws Exception {
        // The order of the turns is drawn, so that neither side always comes second; seeded, so that a run can be
        // repeated.
        Turns turns = new Turns(() -> graph.cpuMillis() + Cpu.millis(pgbench.pid()), new Random(SEED))
                .way("single", clients::singles)
                .way("batch", nanos -> clients.batches(nanos, BATCH))
                .way("pgbench", nanos -> pgbenchs(graph, pgbench, nanos))
                .run(rounds, seconds);
        Turns.Total single = turns.total("single");
        Turns.Total batch = turns.total("batch");
        Turns.Total peer = turns.total("pgbench");
        // Half of the highest rate for long, not just after a hundred and forty thousand rows: what those left the
        // server to put away goes first. Vacuums and samples that the minute itself brings about count.
        graph.postgres().settle();
        clients.paced((long) (pacedSeconds / 6 * 1e9), single.rate() / 2);
        List<Double> paced = clients.paced((long) (pacedSeconds * 1e9), single.rate() / 2);
        check(graph, clients, pgbench, before);
        int runs = single.slices();
        return List.of(
                Figure.timesAtLeast("mutations.single", single.rate(), "ops/s", "pgbench", peer.rate(), 0.5, runs)
                        .withCpu(single.cpuMillis(), peer.cpuMillis()),
                Figure.timesAtLeast(
                                "mutations.batch_of_100", batch.rate(), "rows/s", "single ops", single.rate(), 3, runs)
                        .withCpu(batch.cpuMillis(), single.cpuMillis()),
                Figure.atMost(
                        "mutations.half_load.p99",
                        paced.stream().sorted().toList().get((int) (paced.size() * 0.99)),
                        "ms",
                        "limit",
                        25,
                        paced.size()));
    }

    private static long pgbenchs(GraphProcess graph, PgBench pgbench, long nanos) throws Exception {
        long before = changes(graph);
        long end = System.nanoTime() + nanos;
        pgbench.work();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        pgbench.hold();
        return changes(graph) - before;
    }

    /** Each change of a node takes one number, and nothing else is written here. */
    private static long changes(GraphProcess graph) throws SQLException {
        return graph.postgres().number("SELECT last_value FROM graph.history_id");
    }

    /** No figure without the work: every op of either side is one version, one history row, one event. */
    private static void check(GraphProcess graph, MutationClients clients, PgBench pgbench, long before)
            throws Exception {
        BenchPostgres postgres = graph.postgres();
        require(pgbench.complaints().isEmpty(), "pgbench failed: " + pgbench.complaints());
        long versions = postgres.number("SELECT sum(version) FROM graph.nodes WHERE " + OF_PGBENCH);
        long history = postgres.number("SELECT count(*) FROM graph.history_nodes");
        long events = postgres.number("SELECT count(*) FROM graph.outbox WHERE topic = 'graph.node.changed'");
        long expected = before + clients.written() + versions;
        require(versions > 0, "pgbench has written nothing");
        require(
                postgres.number("SELECT sum(version) FROM graph.nodes") == expected,
                "the nodes have other versions than were acknowledged: expected " + expected);
        require(history == expected, expected + " changes have " + history + " rows of history");
        require(events == expected, expected + " changes have " + events + " events");
        long unfinished = postgres.number("SELECT count(*) FROM graph.nodes WHERE version <> 2 AND " + OF_PGBENCH);
        require(unfinished <= CLIENTS, unfinished + " nodes of pgbench were made and not patched");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("the work is wrong: " + otherwise);
        }
    }
}
