package org.capitania.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.capitania.bench.RelayLoad.Committed;

/** Clients of the service that write memos, a connection and a thread each: a create, then a patch of what it made, and again. */
final class MutationClients implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");
    private static final String PATH = "/v1/mutations";

    private final GraphProcess graph;
    private final Texts texts = new Texts();
    /** Above what pgbench counts to: names are unique. */
    private final AtomicLong number = new AtomicLong(5_000_000_000L);

    private final AtomicLong written = new AtomicLong();
    private final List<Wire> wires = new ArrayList<>();
    private final ExecutorService threads;

    MutationClients(GraphProcess graph, int clients) throws IOException {
        this.graph = graph;
        threads = Executors.newFixedThreadPool(clients);
        for (int i = 0; i < clients; i++) {
            wires.add(graph.connect());
        }
    }

    /** How many ops have been acknowledged so far. */
    long written() {
        return written.get();
    }

    /** One op a request. */
    long singles(long nanos) throws Exception {
        long end = System.nanoTime() + nanos;
        return together((wire, token) -> {
            long done = 0;
            while (System.nanoTime() < end) {
                String id = id(wire.post(PATH, token, batch(List.of(texts.create(number.incrementAndGet())))));
                wire.post(PATH, token, batch(List.of(Texts.patch(id))));
                done += 2;
            }
            return done;
        });
    }

    /** Half of each batch creates, half of it patches what the last one created. */
    long batches(long nanos, int size) throws Exception {
        long end = System.nanoTime() + nanos;
        return together((wire, token) -> {
            long done = 0;
            List<String> patches = List.of();
            while (System.nanoTime() < end) {
                List<String> ops = new ArrayList<>(patches);
                while (ops.size() < size) {
                    ops.add(texts.create(number.incrementAndGet()));
                }
                List<String> ids = ids(wire.post(PATH, token, batch(ops)));
                if (ids.size() != size) {
                    throw new IllegalStateException("a batch of " + size + " had " + ids.size() + " results");
                }
                patches = ids.subList(patches.size(), ids.size()).stream()
                        .limit(size / 2)
                        .map(Texts::patch)
                        .toList();
                done += size;
            }
            return done;
        });
    }

    /**
     * Single ops at a fixed rate, of each the milliseconds since it was due: a stall counts for all that had to wait for it.
     *
     * @param rate ops a second of all clients together
     */
    List<Double> paced(long nanos, double rate) throws Exception {
        return paced(nanos, rate, 1, op -> {});
    }

    /**
     * The same with so many ops a request; tells of each op which version of which node it made, and when that was answered.
     *
     * @param rate requests a second of all clients together
     */
    List<Double> paced(long nanos, double rate, int size, Consumer<Committed> answered) throws Exception {
        long start = System.nanoTime();
        long pause = (long) (1e9 * wires.size() / rate);
        List<Double> all = new ArrayList<>();
        AtomicLong turn = new AtomicLong();
        together((wire, token) -> {
            List<Double> millis = new ArrayList<>();
            List<String> made = List.of();
            long due = start + pause * turn.getAndIncrement() / wires.size();
            for (; due < start + nanos; due += pause) {
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                int version = made.isEmpty() ? 1 : 2;
                List<String> ops = made.isEmpty()
                        ? Stream.generate(() -> texts.create(number.incrementAndGet()))
                                .limit(size)
                                .toList()
                        : made.stream().map(Texts::patch).toList();
                String answer = wire.post(PATH, token, batch(ops));
                long now = System.nanoTime();
                millis.add((now - due) / 1e6);
                List<String> ids = ids(answer);
                ids.forEach(id -> answered.accept(new Committed(id, version, now)));
                made = version == 1 ? ids : List.of();
            }
            synchronized (all) {
                all.addAll(millis);
            }
            return (long) millis.size() * size;
        });
        return all;
    }

    private interface Client {
        long run(Wire wire, String token) throws Exception;
    }

    private long together(Client client) throws Exception {
        String token = graph.token();
        List<Callable<Long>> runs = new ArrayList<>();
        wires.forEach(wire -> runs.add(() -> client.run(wire, token)));
        long done = 0;
        for (Future<Long> run : threads.invokeAll(runs)) {
            done += run.get();
        }
        written.addAndGet(done);
        return done;
    }

    private static String batch(List<String> ops) {
        return "{\"ops\":[" + String.join(",", ops) + "]}";
    }

    private static String id(String answer) {
        return ids(answer).getFirst();
    }

    static List<String> ids(String answer) {
        List<String> ids = new ArrayList<>();
        Matcher matcher = ID.matcher(answer);
        while (matcher.find()) {
            ids.add(matcher.group(1));
        }
        return ids;
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (Wire wire : wires) {
            wire.close();
        }
    }
}
