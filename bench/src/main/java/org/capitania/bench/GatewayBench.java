package org.capitania.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.capitania.contract.Json;
import org.capitania.contract.Service;

/**
 * What the gateway adds to a read tool: token, run, curation, schema, gates, journal before and after, ledger. A tool-registry and a
 * graph-service in processes of their own; {@code hq_describe} through the one, and what its handler asks the other for. A call counts
 * once the hash-chained ledger has it.
 */
final class GatewayBench {
    /** Of the order of the turns, the same in every run. */
    private static final long SEED = 20261121;

    private static final int CLIENTS = 8;
    private static final int NODES = 200;
    private static final double MOST_OVERHEAD = 5;
    private static final double LEAST_CALLS = 300;
    private static final double LEDGER_BEHIND = 1000;
    private static final long BETWEEN_LOOKS = 10_000_000L;

    private final int pairs;
    private final int rounds;
    private final double seconds;
    private final double pacedSeconds;

    /** @param quick fewer calls */
    GatewayBench(boolean quick) {
        pairs = quick ? 200 : 4000;
        rounds = quick ? 1 : 6;
        seconds = quick ? 1 : 5;
        pacedSeconds = quick ? 3 : 30;
    }

    List<Figure> run() {
        try (BenchFleet fleet = new BenchFleet()) {
            fleet.start(Service.GRAPH_SERVICE, "96m");
            fleet.start(Service.TOOL_REGISTRY, "64m");
            try (GatewayClients clients = new GatewayClients(fleet, memos(fleet), CLIENTS);
                    Connection admin = fleet.postgres().connect();
                    // The chain's head, moved with its entries: a look into the entries themselves reads all of them.
                    PreparedStatement entries = admin.prepareStatement(
                            "SELECT coalesce(max(seq), 0) FROM ledger.ledger_heads WHERE ledger = 'agent_actions'")) {
                return measured(fleet, clients, entries);
            }
        } catch (Exception e) {
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    private List<Figure> measured(BenchFleet fleet, GatewayClients clients, PreparedStatement entries)
            throws Exception {
        clients.pairs(pairs / 4);
        await(clients, entries);
        List<Double> overhead = clients.pairs(pairs).stream().sorted().toList();
        Turns alone = new Turns(fleet::cpuMillis, new Random(SEED))
                .way("gateway", nanos -> {
                    long done = clients.oneByOne(nanos);
                    await(clients, entries);
                    return done;
                })
                .way("bare", clients::bareOneByOne)
                .run(rounds, seconds);
        // The clock runs until the ledger has the last of them.
        Turns.Total together = new Turns(fleet::cpuMillis, new Random(SEED))
                .way("together", nanos -> {
                    long done = clients.together(nanos);
                    await(clients, entries);
                    return done;
                })
                .run(rounds, 2 * seconds)
                .total("together");
        clients.paced((long) (pacedSeconds * 1e9), LEAST_CALLS);
        double behind = await(clients, entries);
        check(fleet, clients);
        double gatewayCpu = alone.total("gateway").cpuMillis();
        double bareCpu = alone.total("bare").cpuMillis();
        return List.of(
                Figure.atMost(
                                "gateway.overhead.p95",
                                overhead.get((int) (overhead.size() * 0.95)),
                                "ms",
                                "limit",
                                MOST_OVERHEAD,
                                overhead.size())
                        .withCpu(gatewayCpu, bareCpu),
                Figure.atMost(
                        "gateway.overhead.p50",
                        overhead.get(overhead.size() / 2),
                        "ms",
                        "limit",
                        MOST_OVERHEAD,
                        overhead.size()),
                Figure.atLeast("gateway.calls", together.rate(), "calls/s", "limit", LEAST_CALLS, together.slices())
                        .withCpu(together.cpuMillis(), bareCpu),
                Figure.atMost("gateway.ledger_behind", behind, "ms", "limit", LEDGER_BEHIND, 1));
    }

    private static List<String> memos(BenchFleet fleet) throws IOException {
        Texts texts = new Texts();
        List<String> ops = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            ops.add(texts.create(i));
        }
        try (Wire wire = fleet.connect(Service.GRAPH_SERVICE)) {
            String answer = wire.post(
                    "/v1/mutations", fleet.token(Service.GRAPH_SERVICE), "{\"ops\":[" + String.join(",", ops) + "]}");
            List<String> ids = MutationClients.ids(answer);
            require(ids.size() == NODES, "of " + NODES + " memos " + ids.size() + " were made");
            return ids;
        }
    }

    /** Waits until the ledger has every call that was answered, and says for how many milliseconds. */
    private static double await(GatewayClients clients, PreparedStatement entries) throws SQLException {
        long start = System.nanoTime();
        long end = start + TimeUnit.MINUTES.toNanos(2);
        long found = count(entries);
        while (found < clients.calls() && System.nanoTime() < end) {
            LockSupport.parkNanos(BETWEEN_LOOKS);
            found = count(entries);
        }
        require(found == clients.calls(), clients.calls() + " calls have " + found + " entries in the ledger");
        return (System.nanoTime() - start) / 1e6;
    }

    private static long count(PreparedStatement entries) throws SQLException {
        try (ResultSet row = entries.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** No figure without the work: each call is one row of the journal, one event, one entry of a chain that holds. */
    private static void check(BenchFleet fleet, GatewayClients clients) throws IOException, SQLException {
        BenchPostgres postgres = fleet.postgres();
        long calls = clients.calls();
        require(postgres.number("SELECT count(*) FROM ledger.calls"), calls, "rows in the journal");
        require(
                postgres.number("SELECT count(*) FROM ledger.calls WHERE status = 'done' AND tool = 'hq_describe'"
                        + " AND output -> 'node' ->> 'id' = input ->> 'ref' AND finished_at > started_at"),
                calls,
                "calls done");
        require(postgres.number("SELECT count(*) FROM ledger.outbox WHERE topic = 'ledger.action'"), calls, "events");
        require(
                postgres.number("SELECT count(*) FROM ledger.agent_actions AS a JOIN ledger.calls AS c"
                        + " USING (tenant_id, call_id) WHERE a.status = 'done' AND a.task_id = c.task_id"
                        + " AND a.body -> 'input' = c.input"),
                calls,
                "entries of calls");
        require(postgres.number("SELECT count(DISTINCT call_id) FROM ledger.agent_actions"), calls, "calls in it");
        try (Wire wire = fleet.connect(Service.TOOL_REGISTRY)) {
            String verdicts = wire.get("/v1/ledger/verify", fleet.token(Service.TOOL_REGISTRY));
            for (JsonNode verdict : Json.read(verdicts, JsonNode.class)) {
                boolean actions = verdict.path("table").asText().equals("agent_actions");
                require(verdict.path("entries").asLong(), actions ? calls : 0, "entries of " + verdict);
                require(!verdict.hasNonNull("broken_at"), "the ledger does not verify: " + verdict);
            }
        }
    }

    private static void require(long found, long expected, String what) {
        require(found == expected, found + " " + what + ", and there should be " + expected);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("the work is wrong: " + otherwise);
        }
    }
}
