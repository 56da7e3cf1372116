package org.capitania.registry;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ReportRequest;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.FrozenCall;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.Soak;
import org.capitania.testkit.TestKafka;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real process dies by SIGKILL at a step of a call and is started again: one effect each or none, and the ledger is complete. */
class RegistryKillIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, Object> LOOK = Map.of("query", "approved");

    /** What the process is doing when it dies: the peer it asks at that moment knows. */
    private enum Step {
        /** The graph has written, the gateway has not heard. */
        AFTER_THE_WRITE("POST", "/v1/mutations", true),
        /** Any moment, also while the mail is on its way. */
        ANY_TIME("", "", false),
        /** The INTENT is written, the graph was not told. */
        BEFORE_THE_WRITE("POST", "/v1/mutations", false),
        /** A letter is being composed. */
        WHILE_DRAFTING("GET", "/v1/nodes/.*", false),
        BEFORE_THE_CLAIM("POST", "/v1/proposals/.*/claim", false),
        AFTER_THE_CLAIM("POST", "/v1/proposals/.*/claim", true),
        /** The mail has left and is in the graph, approval-service was not told. */
        BEFORE_THE_REPORT("POST", "/v1/proposals/.*/report", false),
        AFTER_THE_REPORT("POST", "/v1/proposals/.*/report", true),
        /** The graph has answered a search: nothing is written of it yet. */
        AFTER_A_LOOK("POST", "/v1/search", true);

        private final String method;
        private final String path;
        private final boolean answered;

        Step(String method, String path, boolean answered) {
            this.method = method;
            this.path = path;
            this.answered = answered;
        }
    }

    private final List<Process> started = new ArrayList<>();
    private final List<String> flags = new ArrayList<>();
    private Map<String, String> config;
    private AutoCloseable broker;
    private int port;
    private int usualPort;
    private FakePeers peers;
    private FakeGraph graph;
    private FakeApprovals approvals;
    private EventTail ledger;

    @BeforeEach
    void begin() throws IOException {
        // A ledger is held against its records, and those of another store are none of this one's.
        broker = TestKafka.own();
        FleetInfra infra = new FleetInfra();
        infra.init(Map.of("service", "tool-registry", "database", "fresh"));
        config = new HashMap<>(infra.start());
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        config.put("quarkus.http.port", Integer.toString(port));
        config.put("mp.messaging.incoming.events.group.id", "killed-registry-" + port);
        config.put("hq.instance", "killed-registry-0");
        config.put("hq.ledger.publish-heads", "false");
        usualPort = RestAssured.port;
        RestAssured.port = port;
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        approvals = new FakeApprovals(peers);
        ledger = EventTail.fromNow("hq.ledger.actions");
    }

    @AfterEach
    void end() throws Exception {
        RestAssured.port = usualPort;
        started.forEach(Process::destroyForcibly);
        ledger.close();
        peers.close();
        broker.close();
    }

    @Test
    void shouldHaveOneEffectOrNoneWhenKilledAtAStep() throws Exception {
        long seed = Long.getLong("hq.seed", 20261121L);
        Random random = new Random(seed);
        int rounds = Integer.getInteger("hq.kills", Soak.count(2, 200));
        if (rounds > 20) {
            rememberClasses();
        }
        Process process = start();
        curate();
        for (int round = 0; round < rounds; round++) {
            Step step = Step.values()[round % Step.values().length];
            process = round(process, step, random, "seed " + seed + ", round " + round + ", " + step);
        }
        Soak.report(
                "killed-registry",
                "tool-registry is ended by SIGKILL at a seeded step of a call, once a round, and started again; every round ended with each write"
                        + " and each mail there exactly once, no call open, and a ledger that verifies.",
                Map.of("kills", rounds, "steps", Step.values().length, "seed", seed));
    }

    private Process round(Process process, Step step, Random random, String what) throws Exception {
        // Given: an agent at work, one letter of it approved
        Fleet.guardiansLive();
        Fleet.Run run = Fleet.wake("chief");
        ToolResult proposed = run.call("email_send", graph.thread("Approved").answer("Monday works. " + what));
        assertThat(proposed.status()).as(what).isEqualTo(CallStatus.PROPOSED);
        FrozenCall frozen = Approved.frozen(proposed);
        String write = run.nextCall();
        String letter = run.nextCall();
        String look = run.nextCall();
        FakeGraph.Thread second = graph.thread("Second");
        int events = graph.ofType("event").size();
        // When: it dies at the step, with all of it under way
        CountDownLatch reached = new CountDownLatch(1);
        peers.watch((request, answered) -> {
            if (request.method().equals(step.method)
                    && request.path().matches(step.path)
                    && answered == step.answered) {
                process.destroyForcibly();
                reached.countDown();
            }
        });
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            threads.execute(() -> tryCall(run, "hq_event_log", write, log(what)));
            threads.execute(() -> tryCall(run, "email_send", letter, second.answer("Yes. " + what)));
            threads.execute(() -> tryCall(run, "hq_search", look, LOOK));
            Approved.approve(approvals, frozen);
            if (step == Step.ANY_TIME) {
                assertThat(reached.await(random.nextInt(400), TimeUnit.MILLISECONDS))
                        .isFalse();
                process.destroyForcibly();
            } else {
                assertThat(reached.await(40, TimeUnit.SECONDS)).as(what).isTrue();
            }
            process.waitFor();
        }
        peers.watch((request, answered) -> {});
        Process next = start();
        // Then: the agent asks again under the same ids, and everything is there once
        assertThat(again(run, "hq_event_log", write, log(what)).status())
                .as(what)
                .isEqualTo(CallStatus.DONE);
        assertThat(again(run, "email_send", letter, second.answer("Yes. " + what))
                        .status())
                .as(what)
                .isEqualTo(CallStatus.PROPOSED);
        assertThat(again(run, "hq_search", look, LOOK).status()).as(what).isEqualTo(CallStatus.DONE);
        assertThat(graph.ofType("event")).as(what).hasSize(events + 1);
        ReportRequest report = Approved.reported(approvals, frozen);
        assertThat(report.status()).as(what).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(Approved.mails(frozen.businessKey())).as(what).hasSize(1);
        for (String call : List.of(write, letter, look, frozen.callId())) {
            await("the ledger has " + call + ", " + what)
                    .atMost(PATIENCE)
                    .until(() -> ledger.events().stream()
                            .anyMatch(e -> e.data().path("call_id").asText().equals(call)));
        }
        await("no change is left open, " + what)
                .atMost(PATIENCE)
                .until(() ->
                        Json.read(Fleet.as("user:owner").get("/v1/autonomy").asString(), JsonNode.class)
                                        .path("open_changes")
                                        .asInt()
                                == 0);
        await("the chain holds, " + what).atMost(PATIENCE).until(RegistryKillIT::verified);
        return next;
    }

    private static Map<String, Object> log(String what) {
        return Map.of("kind", "action", "title", what);
    }

    private void tryCall(Fleet.Run run, String tool, String id, Object arguments) {
        try {
            run.raw(tool, id, arguments);
        } catch (Exception e) {
            // The process died under it, and nothing else went wrong: the agent asks again.
            assertThat(e).isInstanceOf(IOException.class);
        }
    }

    private static ToolResult again(Fleet.Run run, String tool, String id, Object arguments) {
        Response answer = await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> run.raw(tool, id, arguments), response -> response.statusCode() == 200);
        return Json.read(answer.asString(), ToolResult.class);
    }

    /** Whether both chains are whole. */
    private static boolean verified() {
        JsonNode verdicts =
                Json.read(Fleet.as("user:owner").get("/v1/ledger/verify").asString(), JsonNode.class);
        boolean whole = verdicts.size() == 2;
        for (JsonNode verdict : verdicts) {
            whole &= verdict.path("broken_at").isNull()
                    || verdict.path("broken_at").isMissingNode();
        }
        return whole;
    }

    private static void curate() {
        Fleet.curate("chief", "hq_event_log", "email_send", "hq_search");
    }

    /** A process that ends well leaves behind what it has loaded: those after it, which do not end well, start in half the time. */
    private void rememberClasses() throws Exception {
        Path classes = Files.createTempDirectory("tool-registry-").resolve("classes.jsa");
        flags.addAll(List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + classes));
        Process first = start();
        first.destroy();
        assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(classes).isNotEmptyFile();
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(flags);
        config.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
        Path log = Files.createTempFile("tool-registry-", ".log");
        log.toFile().deleteOnExit();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        started.add(process);
        await("a tool-registry that is ready; its log is " + log)
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> given().port(port).get("/q/health/ready").statusCode() == 200);
        return process;
    }
}
