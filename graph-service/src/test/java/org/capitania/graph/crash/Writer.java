package org.capitania.graph.crash;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationResult;

/** A client that makes one batch after the other, asks again under the same key until it is answered, and remembers the answers. */
final class Writer implements Callable<Writer> {
    /** Two nodes that all writers change, and whom tasks are given to. */
    record Shared(String first, String second, String contact) {}

    /**
     * What was answered.
     *
     * @param key the idempotency key, and the title of each node that the batch wrote
     * @param node the node that the batch made, or changed alone; empty where it changed what all writers change
     */
    record Acknowledged(
            String key, String batch, String node, int nodes, int edges, int attempts, MutationResult result) {}

    static final String REASON = "under load";

    private static final int ATTEMPTS_AT_THE_END = 1000;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(40);

    private final GraphProcess graph;
    private final Shared shared;
    private final AtomicInteger answers;
    private final String name;
    private final Random random;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final List<String> refused = new ArrayList<>();
    private volatile boolean stopping;

    Writer(GraphProcess graph, Shared shared, AtomicInteger answers, String name, long seed) {
        this.graph = graph;
        this.shared = shared;
        this.answers = answers;
        this.name = name;
        this.random = new Random(seed);
    }

    List<Acknowledged> acknowledged() {
        return acknowledged;
    }

    /** The keys of the batches that were refused, as they had to be. */
    List<String> refused() {
        return refused;
    }

    /** How often a batch was sent and no answer came. */
    int unanswered() {
        return unanswered.get();
    }

    /** The writer ends when what it has begun is answered. */
    void stop() {
        stopping = true;
    }

    @Override
    public Writer call() throws InterruptedException {
        String own = "";
        for (int i = 0; !stopping; i++) {
            String key = name + "-" + i;
            int kind = own.isEmpty() ? 0 : random.nextInt(8);
            switch (kind) {
                case 0, 1, 2 -> own = make(key);
                case 3, 4, 5 -> keep(key, own, 1, 0, """
                            {"ops": [{"op": "patch", "id": "%s", "props": {"title": "%s"}}]}""".formatted(own, key));
                case 6 -> keep(key, "", 2, 0, """
                            {"ops": [{"op": "patch", "id": "%1$s", "props": {"title": "%3$s"}},
                                     {"op": "patch", "id": "%2$s", "props": {"title": "%3$s"}}]}""".formatted(shared.first(), shared.second(), key));
                default -> refuse(key, """
                            {"ops": [{"op": "patch", "id": "%1$s", "props": {"title": "%2$s"}},
                                     {"op": "create", "type": "task", "props": {"title": "%2$s", "colour": "red"}}]}""".formatted(own, key));
            }
        }
        return this;
    }

    private String make(String key) throws InterruptedException {
        String batch = """
                {"ops": [{"op": "create", "ref": "t", "type": "task", "props": {"title": "%1$s"}},
                         {"op": "link", "type": "driven_by", "from": "@t", "to": "%2$s"}]}""".formatted(key, shared.contact());
        Answer answer = untilAnswered(key, batch, 200);
        MutationResult result = Json.read(answer.body(), MutationResult.class);
        String node = result.byRef("t").id();
        acknowledged.add(new Acknowledged(key, batch, node, 1, 1, answer.attempts(), result));
        return node;
    }

    private void keep(String key, String node, int nodes, int edges, String batch) throws InterruptedException {
        Answer answer = untilAnswered(key, batch, 200);
        MutationResult result = Json.read(answer.body(), MutationResult.class);
        acknowledged.add(new Acknowledged(key, batch, node, nodes, edges, answer.attempts(), result));
    }

    private void refuse(String key, String batch) throws InterruptedException {
        untilAnswered(key, batch, 422);
        refused.add(key);
    }

    private record Answer(String body, int attempts) {}

    private Answer untilAnswered(String key, String batch, int expected) throws InterruptedException {
        int atTheEnd = 0;
        for (int attempt = 1; ; attempt++) {
            if (stopping && ++atTheEnd > ATTEMPTS_AT_THE_END) {
                throw new AssertionError(key + " was never answered");
            }
            try {
                HttpResponse<String> response = graph.mutate(key, REASON, batch);
                if (response.statusCode() == expected) {
                    answers.incrementAndGet();
                    return new Answer(response.body(), attempt);
                }
                if (!saysNotNow(response)) {
                    throw new AssertionError(key + ": " + response.statusCode() + " " + response.body());
                }
            } catch (IOException e) {
                // Nobody there, or gone in the middle of the answer: the same key again.
                unanswered.incrementAndGet();
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    private static boolean saysNotNow(HttpResponse<String> response) {
        return response.statusCode() >= 500
                || response.statusCode() == 409 && response.body().contains("\"version_conflict\"");
    }
}
