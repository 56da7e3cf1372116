package org.capitania.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.capitania.contract.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Watching in a process of its own, as it is only ended from outside. */
@Timeout(60)
class WatchTest {
    private static final String ONE =
            "{\"id\":\"0190aaaa-0000-7000-8000-0000000000aa\",\"status\":\"pending\",\"summary\":\"Answer Ana\"}";
    private static final String TWO =
            "{\"id\":\"0190aaaa-0000-7000-8000-0000000000ab\",\"status\":\"pending\",\"summary\":\"Answer Rui\"}";

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    private Process process;

    @BeforeEach
    void start() {
        fleet.answer("/v1/proposals", "{\"items\":[" + ONE + "]}");
    }

    @AfterEach
    void stop() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private BufferedReader watch(List<String> flags, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dhq.root=" + fleet.directory()));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(fleet.directory().resolve("err").toFile());
        builder.environment().putAll(Map.of("HQ_HOME", fleet.home().directory().toString(), "TERM", "xterm"));
        builder.environment().remove("NO_COLOR");
        process = builder.start();
        return process.inputReader();
    }

    /** As Ctrl-C does. */
    private int interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void shouldPrintOneEnvelopeALineAndOnlyWhatChanged() throws IOException, InterruptedException {
        BufferedReader lines = watch(List.of(), "proposal", "list", "--watch", "--json");

        assertThat(Json.read(lines.readLine(), JsonNode.class).at("/data/items"))
                .hasSize(1);
        fleet.answer("/v1/proposals", 503, "{\"code\":\"peer_unavailable\",\"detail\":\"restarting\",\"status\":503}");
        assertThat(Json.read(lines.readLine(), JsonNode.class).at("/error/code").asText())
                .isEqualTo("peer_unavailable");
        // Said after the envelope.
        await().untilAsserted(() ->
                assertThat(fleet.directory().resolve("err")).content().contains("hq: restarting"));
        fleet.answer("/v1/proposals", "{\"items\":[" + ONE + "," + TWO + "]}");
        assertThat(Json.read(lines.readLine(), JsonNode.class).at("/data/items"))
                .hasSize(2);

        assertThat(interrupt()).as("what a shell calls interrupted").isEqualTo(130);
        assertThat(lines.readLine()).isNull();
    }

    @Test
    void shouldPrintTheLinesThatAreNewWhenNoTerminalIsThere() throws IOException, InterruptedException {
        BufferedReader lines = watch(List.of(), "proposal", "list", "-w");

        assertThat(lines.readLine()).startsWith("ID ");
        assertThat(lines.readLine()).contains("Answer Ana");
        fleet.answer("/v1/proposals", "{\"items\":[" + ONE + "," + TWO + "]}");
        assertThat(lines.readLine()).contains("Answer Rui");
        interrupt();
        assertThat(lines.readLine()).isNull();
    }

    @Test
    void shouldDrawInPlaceOnATerminalAndLeaveItAsItWas() throws IOException, InterruptedException {
        BufferedReader out = watch(
                List.of("-Dhq.terminal.out=true", "-Dhq.rows=10", "-Dhq.columns=80"), "proposal", "list", "--watch");

        assertThat(out.readLine())
                .startsWith("\u001b[?1049h")
                .contains("\u001b[H")
                .contains("ID ");
        assertThat(out.readLine()).contains("Answer Ana").endsWith("\u001b[K");
        interrupt();
        StringBuilder rest = new StringBuilder();
        out.lines().forEach(line -> rest.append(line).append('\n'));
        assertThat(rest.toString())
                .doesNotContain("\u001b[2J")
                .contains("\u001b[?25h\u001b[?1049l")
                .endsWith("Answer Ana\n");
    }

    @Test
    void shouldFollowAnAgentUntilItIsInterrupted() throws IOException, InterruptedException {
        fleet.answer("/v1/sessions", "{\"items\":[{\"session_id\":\"s-1\"}]}")
                .answer(
                        "/v1/sessions/s-1/live",
                        "event: text\ndata: {\"turn\":1,\"from\":0,\"text\":\"Dear Ana\"}\n\n");

        BufferedReader lines = watch(List.of("-Dhq.terminal.out=true", "-Dhq.columns=80"), "agent", "attach", "chief");

        // It is said anew each time the line is back, and the terminal is left at the beginning of a line.
        assertThat(lines.readLine()).endsWith("Dear Ana");
        assertThat(interrupt()).isEqualTo(130);
        StringBuilder rest = new StringBuilder();
        for (int c = lines.read(); c >= 0; c = lines.read()) {
            rest.append((char) c);
        }
        assertThat(rest.toString()).endsWith("Dear Ana\n");
    }

    @Test
    void shouldEndAsEverWhenTheFirstLookFails() {
        fleet.answer("/v1/proposals", 503, "{\"code\":\"peer_unavailable\",\"detail\":\"restarting\",\"status\":503}");

        assertThat(fleet.hq("proposal", "list", "--watch").exitCode()).isEqualTo(2);
        CannedTools.play(fleet);
        assertThat(fleet.hq("task", "complete", "task:a", "--watch").err()).contains("--watch only looks");
    }
}
