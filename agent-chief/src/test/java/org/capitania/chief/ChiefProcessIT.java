package org.capitania.chief;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.capitania.contract.Topics;
import org.capitania.contract.event.AgentSession;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.Event;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process: killed in the middle of its calls it goes on at the same step, and with a wrong workspace it does not start. */
class ChiefProcessIT {
    /** Another test of this JVM may have a chief of its own on chief's topic. */
    private static final String TOPIC = Topics.agent("operator");

    private final List<Process> started = new ArrayList<>();
    private Path log = Path.of("");

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void shouldGoOnAtTheSameStepWhenKilledDuringEachToolCall() throws Exception {
        Map<String, String> config = config();
        String taskId = UUID.randomUUID().toString();
        try (FakeFleet fleet = new FakeFleet(TOPIC);
                EventTail tail = EventTail.fromNow("hq.agent")) {
            long fence = 100;
            for (String tool : List.of("email_thread_read", "hq_agent", "email_send")) {
                fleet.hold(tool);
                Process chief = start(config);
                fleet.wake(taskId, ++fence, 1);

                assertThat(fleet.awaitHeld()).as("a call of %s", tool).isTrue();
                chief.destroyForcibly().waitFor();
            }
            start(config);
            AgentWake last = fleet.wake(taskId, ++fence, 1);

            Event closed = tail.await(
                    AgentSession.CLOSED, e -> e.as(AgentSession.class).taskId().equals(taskId));
            String path = "/v1/runs/" + last.runId() + "/complete";
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !fleet.bodies(path).isEmpty());
            String session = closed.key();
            assertThat(fleet.callIds()).containsExactly(session + ":0:1", session + ":1:1", session + ":2:1");
            assertThat(fleet.turns).doesNotHaveDuplicates().hasSize(5);
            assertThat(fleet.peers.requests("POST", "/v1/runs/[^/]+/complete")).hasSize(1);
            // The relay delivers at least once: after a kill the same event may come again, under the same id.
            assertThat(ids(tail, AgentSession.OPENED)).hasSize(1);
            assertThat(ids(tail, AgentSession.CLOSED)).hasSize(1);
        }
    }

    @Test
    void shouldNotStartWhenTheWorkspaceIsWrong(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("agent.md"),
                Files.readString(Path.of("workspace/agent.md"))
                        .replace("| daily_usd_hard | $7.00 |", "| daily_usd_hard | a lot |"));
        Map<String, String> config = config();
        config.put("hq.agent.workspace", folder.toString());

        Process chief = start(config);

        assertThat(chief.waitFor(60, TimeUnit.SECONDS))
                .as("it ends by itself; its log is %s", log)
                .isTrue();
        assertThat(chief.exitValue()).isNotZero();
        assertThat(Files.readString(log))
                .containsPattern(
                        "agent.md:\\d+: found \"a lot\" for daily_usd_hard, expected an amount such as \\$2.50");
    }

    private static Map<String, String> config() {
        FleetInfra infra = new FleetInfra();
        infra.init(Map.of("service", "agent-chief", "peers", "fake", "database", "fresh"));
        Map<String, String> config = new HashMap<>(infra.start());
        config.put("mp.messaging.incoming.events.topics", TOPIC);
        config.put("mp.messaging.incoming.events.group.id", "killed-chief");
        config.put("hq.instance", "killed-chief-0");
        return config;
    }

    private static Set<String> ids(EventTail tail, String type) {
        return tail.ofType(type).stream().map(Event::id).collect(Collectors.toSet());
    }

    private Process start(Map<String, String> config) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders",
                "-Dquarkus.http.port=0"));
        config.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
        log = Files.createTempFile("agent-chief-", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        log.toFile().deleteOnExit();
        started.add(process);
        return process;
    }
}
