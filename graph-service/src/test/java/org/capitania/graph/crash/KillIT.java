package org.capitania.graph.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.capitania.contract.Json;
import org.capitania.contract.api.LoadReport;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.RebuildCheck;
import org.capitania.testkit.KillableInfra;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The service, its database and its broker die by SIGKILL while clients write: nothing that was acknowledged is lost, and nothing else is kept. */
class KillIT {
    private enum Victim {
        SERVICE,
        DATABASE,
        BROKER
    }

    private static final int WRITERS = 4;
    private static final int ANSWERS_BETWEEN_KILLS = 40;
    private static final int MOST_ASKED_AGAIN = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static KillableInfra infra;
    private static GraphProcess graph;

    private final AtomicInteger answers = new AtomicInteger();

    @BeforeAll
    static void up() throws IOException {
        infra = KillableInfra.start();
        graph = new GraphProcess(infra);
    }

    @AfterAll
    static void down() {
        if (graph != null) {
            graph.close();
        }
        if (infra != null) {
            infra.close();
        }
    }

    @Test
    void shouldLoseNothingAcknowledgedWhenServiceDatabaseAndBrokerAreKilledUnderLoad() throws Exception {
        // Given
        long seed = Long.getLong("hq.seed", 20261121L);
        Random random = new Random(seed);
        Writer.Shared shared = shared();
        List<Writer> writers = new ArrayList<>();
        int rounds = Soak.count(1, 20);
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<Writer>> running = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
                Writer writer = new Writer(graph, shared, answers, "w" + w, seed + w);
                writers.add(writer);
                running.add(threads.submit(writer));
            }
            // When
            try {
                for (int round = 0; round < rounds; round++) {
                    for (Victim victim : Victim.values()) {
                        awaitAnswers(running);
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(400)));
                        killAndStartAgain(victim, running);
                    }
                }
                awaitAnswers(running);
            } finally {
                writers.forEach(Writer::stop);
            }
            for (Future<Writer> writer : running) {
                writer.get();
            }
        }
        // Then
        RebuildCheck rebuilt = Json.read(ok(graph.ask("/v1/rebuild/check")), RebuildCheck.class);
        assertThat(rebuilt.differences()).as("seed %d: %s", seed, rebuilt).isZero();
        int twice;
        try (Audit audit = new Audit(infra, writers)) {
            audit.historyHoldsWhatWasAcknowledged();
            audit.liveNodesAreAsLastAcknowledged();
            audit.historyIsWhole();
            twice = audit.topicsHoldWhatIsCommitted();
        }
        int askedAgain = answerIsTheSameWhenAskedAgain(writers);
        report(rounds, writers, twice, askedAgain);
    }

    @Test
    void shouldHaveEachRowOnceWhenTheServiceIsKilledDuringALoadAndTheFileIsSentAgain() throws Exception {
        // Given
        long seed = Long.getLong("hq.seed", 20261121L);
        Random random = new Random(seed);
        int rounds = Soak.count(1, 20);
        long linesIn = 0;
        for (int round = 0; round < rounds; round++) {
            String key = "file-" + round;
            try (LoadedFile file = new LoadedFile(infra, key);
                    ExecutorService sender = Executors.newSingleThreadExecutor()) {
                String text = file.text(random);
                Future<HttpResponse<String>> sent = sender.submit(() -> graph.load(key, text));
                // When: some chunks are in, and another is on its way
                int chunks = (round + 1) % 3;
                await("chunks")
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> sent.isDone() || file.linesIn() >= 2000L * chunks);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(150)));
                graph.kill();
                // Then
                assertThatThrownBy(sent::get).hasCauseInstanceOf(IOException.class);
                long before = file.linesIn();
                assertThat(before).isBetween(2000L * chunks, LoadedFile.LINES - 1L);
                linesIn += before;
                graph.startAgain();
                LoadReport report = Json.read(ok(graph.load(key, text)), LoadReport.class);
                assertThat(report.finished()).isTrue();
                assertThat(report.nodes()).isEqualTo(LoadedFile.NODES);
                assertThat(report.edges()).isEqualTo(LoadedFile.EDGES);
                assertThat(report.found()).isZero();
                file.everyRowIsThereOnce();
            }
        }
        RebuildCheck rebuilt = Json.read(ok(graph.ask("/v1/rebuild/check")), RebuildCheck.class);
        assertThat(rebuilt.differences()).as("seed %d: %s", seed, rebuilt).isZero();
        int twice;
        try (Audit audit = new Audit(infra, List.of())) {
            twice = audit.topicsHoldWhatIsCommitted();
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("kills of the service, each during a load", rounds);
        figures.put("lines of a file", LoadedFile.LINES);
        figures.put("lines that were in when it was killed", linesIn);
        figures.put("lines in by halves, missing or twice once the file was sent again", 0);
        figures.put("events published more than once, same id", twice);
        figures.put("differences of a rebuild", rebuilt.differences());
        Soak.report(
                "killed-load",
                "Files of tasks and links are loaded while graph-service is ended by SIGKILL, once a file, and started again; then the same file is sent again under the same key."
                        + " Meanwhile and afterwards rows, history, outbox and topics hold the lines that are said to be in, each once.",
                figures);
    }

    private void killAndStartAgain(Victim victim, List<Future<Writer>> running) throws Exception {
        switch (victim) {
            case SERVICE -> {
                graph.kill();
                graph.startAgain();
            }
            case DATABASE -> {
                infra.killPostgres();
                infra.startPostgres();
            }
            case BROKER -> {
                infra.killBroker();
                // A mutation needs no broker: its events wait in the outbox.
                awaitAnswers(running);
                infra.startBroker();
            }
        }
        assertThat(graph.alive()).as("the service outlives the others").isTrue();
    }

    private void awaitAnswers(List<Future<Writer>> running) throws ExecutionException, InterruptedException {
        int wanted = answers.get() + ANSWERS_BETWEEN_KILLS;
        await("answers")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> answers.get() >= wanted || running.stream().anyMatch(Future::isDone));
        for (Future<Writer> writer : running) {
            if (writer.isDone()) {
                writer.get();
            }
        }
    }

    /** The first answer, also where the client has never seen it. */
    private static int answerIsTheSameWhenAskedAgain(List<Writer> writers) throws IOException, InterruptedException {
        int asked = 0;
        for (Writer writer : writers) {
            List<Writer.Acknowledged> retried = writer.acknowledged().stream()
                    .filter(a -> a.attempts() > 1)
                    .limit(MOST_ASKED_AGAIN / WRITERS)
                    .toList();
            for (Writer.Acknowledged batch : retried) {
                MutationResult again =
                        Json.read(ok(graph.mutate(batch.key(), Writer.REASON, batch.batch())), MutationResult.class);
                assertThat(again).as(batch.key()).isEqualTo(batch.result());
                asked++;
            }
        }
        assertThat(asked).as("batches that had to be sent more than once").isPositive();
        return asked;
    }

    private static Writer.Shared shared() throws IOException, InterruptedException {
        MutationResult made = Json.read(ok(graph.mutate("set-up", "set up", """
                        {"ops": [{"op": "create", "ref": "a", "type": "task", "props": {"title": "A"}},
                                 {"op": "create", "ref": "b", "type": "task", "props": {"title": "B"}},
                                 {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Rui"}}]}""")), MutationResult.class);
        return new Writer.Shared(
                made.byRef("a").id(), made.byRef("b").id(), made.byRef("c").id());
    }

    private static String ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    private static void report(int rounds, List<Writer> writers, int twice, int askedAgain) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("kills of the service", rounds);
        figures.put("kills of PostgreSQL, with all its backends", rounds);
        figures.put("kills of the broker", rounds);
        figures.put("writers", WRITERS);
        figures.put(
                "batches acknowledged",
                writers.stream().mapToInt(w -> w.acknowledged().size()).sum());
        figures.put(
                "requests that got no answer",
                writers.stream().mapToInt(Writer::unanswered).sum());
        figures.put(
                "batches refused",
                writers.stream().mapToInt(w -> w.refused().size()).sum());
        figures.put("answered batches asked for once more, same answer", askedAgain);
        figures.put("acknowledged and lost", 0);
        figures.put("applied twice or by halves", 0);
        figures.put("events published more than once, same id", twice);
        figures.put("differences of a rebuild", 0);
        Soak.report(
                "killed-graph",
                "Clients write batches with idempotency keys and send each again until it is answered, while graph-service, its PostgreSQL and its broker"
                        + " are ended by SIGKILL in turn and started again. Afterwards live rows, history, outbox and topics hold exactly what was acknowledged.",
                figures);
    }
}
