package org.capitania.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.embedded.keys.Principal;

/**
 * An agent in its run that describes nodes: through the gateway with all that a call is, or by asking graph-service for what the tool's
 * handler asks it for. Every answer is looked at.
 */
final class GatewayClients implements AutoCloseable {
    private static final String ROLE = "operator";
    private static final String TOOL = "hq_describe";
    private static final long RUN_SECONDS = 3600;

    /** One connection to each service, and the task it calls for. */
    private record Client(Wire gateway, Wire graph, String task) {}

    private final BenchFleet fleet;
    private final List<String> nodes;
    private final List<Client> clients = new ArrayList<>();
    private final ExecutorService threads;
    /** Numbers the calls of the whole run. */
    private final AtomicLong calls = new AtomicLong();

    private final AtomicLong turn = new AtomicLong();
    /** Seeded: every run reads the same. */
    private final Random random = new Random(20261121);

    /** Opens the run at the gateway, a task for each client. */
    GatewayClients(BenchFleet fleet, List<String> nodes, int clients) throws IOException {
        this.fleet = fleet;
        this.nodes = nodes;
        threads = Executors.newFixedThreadPool(clients);
        List<String> tasks = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            tasks.add("task-" + i);
            this.clients.add(new Client(
                    fleet.connect(Service.TOOL_REGISTRY), fleet.connect(Service.GRAPH_SERVICE), "task-" + i));
        }
        Wire wire = this.clients.getFirst().gateway();
        wire.post(
                "/v1/agents/" + ROLE + "/curation",
                gatewayToken(),
                Json.write(Map.of("tools", List.of(TOOL), "workspace_version", "1")));
        String supervisor = fleet.token(
                Service.SUPERVISOR, Principal.service(Service.SUPERVISOR, List.of()), Service.TOOL_REGISTRY);
        // The gateway holds the end of a run against the wall clock.
        wire.post(
                "/v1/fences",
                supervisor,
                Json.write(Map.of(
                        "role",
                        ROLE,
                        "fence",
                        1,
                        "run_id",
                        "run-1",
                        "kind",
                        "run",
                        "task_ids",
                        tasks,
                        "expires_at",
                        Instant.now().plusSeconds(RUN_SECONDS).toString())));
    }

    /** How many calls have been answered so far. */
    long calls() {
        return calls.get();
    }

    /** One of each in turns, in an order that is drawn; what the gateway took longer, in milliseconds. */
    List<Double> pairs(int count) throws IOException {
        Client client = clients.getFirst();
        String gatewayToken = gatewayToken();
        String graphToken = fleet.token(Service.GRAPH_SERVICE);
        List<Double> overhead = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String node = any();
            boolean first = random.nextBoolean();
            long bare = first ? bare(client, graphToken, node) : 0;
            long gateway = call(client, gatewayToken, node);
            bare = first ? bare : bare(client, graphToken, node);
            overhead.add((gateway - bare) / 1e6);
        }
        return overhead;
    }

    /** One client after another call, as fast as it is answered. */
    long oneByOne(long nanos) throws IOException {
        String token = gatewayToken();
        long end = System.nanoTime() + nanos;
        long done = 0;
        for (; System.nanoTime() < end; done++) {
            call(clients.getFirst(), token, any());
        }
        return done;
    }

    /** The same of the bare handler. */
    long bareOneByOne(long nanos) throws IOException {
        String token = fleet.token(Service.GRAPH_SERVICE);
        long end = System.nanoTime() + nanos;
        long done = 0;
        for (; System.nanoTime() < end; done++) {
            bare(clients.getFirst(), token, any());
        }
        return done;
    }

    /** All clients at once, as fast as they are answered. */
    long together(long nanos) throws Exception {
        String token = gatewayToken();
        long end = System.nanoTime() + nanos;
        return all(client -> {
            long done = 0;
            for (; System.nanoTime() < end; done++) {
                call(client, token, nodes.get((int) (done % nodes.size())));
            }
            return done;
        });
    }

    /** All clients at a fixed rate, in calls a second of all together: a stall is made up for afterwards. */
    long paced(long nanos, double rate) throws Exception {
        String token = gatewayToken();
        long start = System.nanoTime();
        long pause = (long) (1e9 * clients.size() / rate);
        turn.set(0);
        return all(client -> {
            long done = 0;
            long due = start + pause * turn.getAndIncrement() / clients.size();
            for (; due < start + nanos; due += pause, done++) {
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                call(client, token, nodes.get((int) (done % nodes.size())));
            }
            return done;
        });
    }

    private interface Work {
        long run(Client client) throws IOException;
    }

    private long all(Work work) throws Exception {
        List<Callable<Long>> runs = new ArrayList<>();
        clients.forEach(client -> runs.add(() -> work.run(client)));
        long done = 0;
        for (Future<Long> run : threads.invokeAll(runs)) {
            done += run.get();
        }
        return done;
    }

    /** Nanoseconds of one call through the gateway. */
    private long call(Client client, String token, String node) throws IOException {
        String request = "{\"call_id\":\"" + client.task() + ":" + calls.incrementAndGet() + ":0\",\"session_id\":\""
                + client.task() + "\",\"task_id\":\"" + client.task()
                + "\",\"run_id\":\"run-1\",\"fence\":1,\"arguments\":{\"ref\":\"" + node + "\"}}";
        long start = System.nanoTime();
        String answer = client.gateway().post("/v1/tools/" + TOOL + "/calls", token, request);
        long nanos = System.nanoTime() - start;
        JsonNode result = Json.read(answer, JsonNode.class);
        require(
                result.path("status").asText().equals("done")
                        && result.path("data").path("node").path("id").asText().equals(node),
                answer);
        return nanos;
    }

    /** Nanoseconds of what its handler asks graph-service for. */
    private static long bare(Client client, String token, String node) throws IOException {
        long start = System.nanoTime();
        String answer = client.graph().get("/v1/nodes/" + node, token);
        long nanos = System.nanoTime() - start;
        require(
                Json.read(answer, JsonNode.class)
                        .path("node")
                        .path("id")
                        .asText()
                        .equals(node),
                answer);
        return nanos;
    }

    private static void require(boolean holds, String answer) {
        if (!holds) {
            throw new IllegalStateException("the work is wrong: it was answered " + answer);
        }
    }

    private String any() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private String gatewayToken() {
        return fleet.token(Service.AGENT_OPERATOR, Principal.agent(ROLE, List.of()), Service.TOOL_REGISTRY);
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (Client client : clients) {
            client.gateway().close();
            client.graph().close();
        }
    }
}
