package org.capitania.supervisor.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.api.AgentView.State;
import org.capitania.contract.api.RegisterAgent;
import org.capitania.contract.event.AgentStateChanged;
import org.capitania.servicekit.Loops;
import org.capitania.supervisor.SupervisorIT;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents with nothing to do, and a program in the place of {@code hq} that is told to stop them and to start them again. */
@QuarkusTest
class StopAgentsIT extends SupervisorIT {
    private static final String START = "_service start agent-chief no build: 1";
    private static final String STOP = "_service stop agent-chief no build: 1";

    @Inject
    Loops loops;

    @ConfigProperty(name = "hq.platform.launcher")
    Path launcher;

    private int before;

    @BeforeEach
    void beThereForLong() throws IOException {
        registerChief();
        sql("UPDATE fleet.agents SET registered_at = now() - interval '2 hours' WHERE role = 'chief'");
        before = told().size();
    }

    @AfterEach
    void obeyAgain() throws IOException {
        Files.deleteIfExists(launcher.resolveSibling("fail"));
    }

    private List<String> told() throws IOException {
        Path file = launcher.resolveSibling("told");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private List<String> news() {
        try {
            return told().subList(before, told().size());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void look() {
        loops.wake("stop-agents");
    }

    @Test
    void shouldStopAnAgentWithNothingToDoAndStartItForTheNextMail() {
        look();

        await().atMost(PATIENCE).until(() -> news().contains(STOP));
        assertThat(agent("chief").state()).isEqualTo(State.STOPPED);
        assertThat(agent("chief").restingSince()).isNotNull();
        chief.await(
                AgentStateChanged.TYPE,
                e -> e.key().equals("chief")
                        && String.valueOf(e.as(AgentStateChanged.class).reason())
                                .contains("nothing to do"));
        // What the process still says while it ends is no sign of life
        registerChief();
        assertThat(agent("chief").state()).isEqualTo(State.STOPPED);
        // When
        mail(conversation());
        // Then
        await().atMost(PATIENCE).until(() -> news().contains(START));
        assertThat(news()).containsExactly(STOP, START);
        newProcess();
        awaitWake(1);
        assertThat(agent("chief").restingSince()).isNull();
    }

    @Test
    void shouldStartAStoppedAgentThatIsAsked() {
        look();
        await().atMost(PATIENCE).until(() -> news().contains(STOP));

        as("user:owner")
                .body(Json.write(Map.of("kind", "ask", "to", "chief", "text", "Are you there?", "timeout_ms", 1500)))
                .post("/v1/messages")
                .then()
                .statusCode(504);

        assertThat(news()).contains(START);
    }

    @Test
    void shouldStopNobodyForWhomSomethingWaitsOrHasJustEnded() {
        // A wake that waits
        mail(conversation());
        var wake = awaitWake(1);
        staysUp();
        // A run
        claim(wake);
        staysUp();
        // One that has just ended
        finish(wake);
        staysUp();
        sql("UPDATE fleet.runs SET ended_at = now() - interval '2 hours'");
        look();
        await().atMost(PATIENCE).until(() -> news().contains(STOP));
    }

    @Test
    void shouldNotTakeAnAgentForStoppedThatCannotBe() throws IOException {
        Files.createFile(launcher.resolveSibling("fail"));

        look();

        await().atMost(PATIENCE).until(() -> news().contains(STOP));
        await().atMost(PATIENCE).until(() -> agent("chief").state() == State.COLD);
    }

    private void staysUp() {
        look();
        await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> news().isEmpty());
    }

    private static void newProcess() {
        as("agent:chief")
                .body(Json.write(new RegisterAgent(
                        List.of(new RegisterAgent.Trigger("email.received", null)),
                        "chief-2",
                        "http://127.0.0.1:1",
                        "v1")))
                .post("/v1/agents/chief/register")
                .then()
                .statusCode(200);
    }
}
