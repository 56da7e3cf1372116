package org.capitania.cli.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Answer;
import org.capitania.cli.CannedFleet.Result;
import org.capitania.cli.home.FleetRecord;
import org.capitania.contract.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(30)
class AttachAgentTest {
    private static final String OPENED = entry(0, "opened", "\"provider\":\"rehearsal\"");
    private static final String MAIL = entry(1, "received", "\"items\":[{\"type\":\"email.received\"}]");
    private static final String WORDS = """
            event: text
            data: {"turn":0,"call_id":"c1","from":0,"text":"Dear Ana,\\nit "}

            :

            event: text
            data: {"turn":0,"call_id":"c1","from":13,"text":"ships \\u001b[2Jtoday"}

            """;
    private static final String REPLIED = entry(2, "replied", """
            "turn":0,"reply":{"text":"Dear Ana,\\nit ships today","calls":[{"tool":"email_send","arguments":"{\\"to\\":1}"}]}""");
    private static final String RETURNED =
            entry(3, "returned", "\"tool\":\"email_send\",\"ok\":true,\"status\":\"proposed\"");
    private static final String ENDED = entry(4, "ended", "\"ending\":\"finished\",\"reason\":\"draft waits\"");
    private static final String END = "event: end\ndata: {\"ending\":\"finished\",\"reason\":\"draft waits\"}\n\n";
    private static final String ALL = OPENED + MAIL + WORDS + REPLIED + RETURNED + ENDED + END;

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    private static String entry(int seq, String kind, String body) {
        return "id: " + seq + "\nevent: entry\ndata: {\"seq\":" + seq + ",\"kind\":\"" + kind + "\",\"body\":{" + body
                + "}}\n\n";
    }

    @BeforeEach
    void start() {
        fleet.answer(
                        "/v1/sessions",
                        "{\"items\":[{\"session_id\":\"s-1\"},{\"session_id\":\"old\",\"closed_at\":\"x\"}]}")
                .answer("/v1/sessions/s-1/live", ALL);
    }

    @Test
    void shouldPrintEachEventAsALineForPrograms() {
        Result result = fleet.hq("agent", "attach", "chief", "--once", "--json");

        assertThat(result.exitCode()).as(result.err()).isZero();
        List<JsonNode> lines = result.out()
                .lines()
                .map(line -> Json.read(line, JsonNode.class))
                .toList();
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.path("session_id").asText()).isEqualTo("s-1"));
        assertThat(lines)
                .extracting(line -> line.path("event").asText())
                .containsExactly("entry", "entry", "text", "text", "entry", "entry", "entry", "end");
        assertThat(lines.get(4).at("/data/seq").asInt()).isEqualTo(2);
        assertThat(fleet.asked())
                .as("what was over before is not shown")
                .noneMatch(asked -> asked.path().contains("old"));
    }

    @Test
    void shouldShowWordsAsTheyAreSaidAtATerminalAndOnce() {
        String out = fleet.atTerminal(Map.of("NO_COLOR", "1"), "agent", "attach", "chief", "--once")
                .out();

        assertThat(out.lines())
                .containsExactly(
                        "s-1  begins (rehearsal)",
                        "s-1  is told of email.received",
                        "s-1  Dear Ana,",
                        "it ships [2Jtoday",
                        "s-1  calls email_send {\"to\":1}",
                        "s-1  email_send proposed",
                        "s-1  ends, finished: draft waits");
    }

    @Test
    void shouldPrintWholeRepliesWhereThereIsNoTerminal() {
        assertThat(fleet.hq("agent", "attach", "chief", "--once").out().lines())
                .contains("s-1  Dear Ana,", "s-1  it ships today", "s-1  calls email_send {\"to\":1}")
                .hasSize(7);
    }

    @Test
    void shouldComeBackToWhereItWasWhenTheLineIsCut() {
        AtomicInteger times = new AtomicInteger();
        fleet.answer("/v1/sessions/s-1/live", asked -> switch (times.getAndIncrement()) {
            case 0 -> new Answer(200, OPENED + MAIL + WORDS);
            case 1 -> new Answer(503, "{\"code\":\"peer_unavailable\",\"detail\":\"restarting\",\"status\":503}");
            default -> new Answer(200, REPLIED + ENDED + END);
        });

        Result result = fleet.hq("agent", "attach", "chief", "--once");

        assertThat(result.out().lines()).hasSize(6).doesNotHaveDuplicates();
        assertThat(fleet.asked().stream()
                        .filter(asked -> asked.path().endsWith("/live"))
                        .map(asked -> asked.headers().getOrDefault("last-event-id", "none")))
                .containsExactly("none", "1", "1");
    }

    @Test
    void shouldWaitForWhatComesNextWhenNothingGoesOn() {
        AtomicInteger times = new AtomicInteger();
        fleet.answer(
                "/v1/sessions",
                asked -> new Answer(
                        200,
                        switch (times.getAndIncrement()) {
                            case 0 -> "{\"items\":[]}";
                            // Begun and over between two looks.
                            default -> "{\"items\":[{\"session_id\":\"s-1\",\"closed_at\":\"x\"}]}";
                        }));

        Result result = fleet.hq("agent", "attach", "chief", "--once");

        assertThat(result.err()).contains("chief does nothing at present");
        assertThat(result.out()).contains("is told of email.received", "draft waits");
    }

    @Test
    void shouldSayWhatItWaitsForAndEndWhenTheAgentTakesTheLineAndSaysNothing() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        fleet.answer("/v1/sessions/s-1/live", request -> {
            asked.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Answer(200, END);
        });
        try {
            Result result = fleet.hq("agent", "attach", "chief", "--timeout", "3s", "--json");

            assertThat(asked.getCount()).isZero();
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err())
                    .contains("waiting for a sign of life from agent-chief", "Ctrl-C")
                    .containsPattern("agent-chief has said nothing for \\d+ s, not even");
            assertThat(result.out()).contains("service_timeout");
        } finally {
            never.countDown();
        }
        assertThat(fleet.hq("agent", "attach", "chief", "--timeout", "6m").err())
                .contains("between 1 s and 5 min");
    }

    @Test
    void shouldSayWhatIsWrongWhenThereIsNoSuchAgentOrItIsAway() {
        assertThat(fleet.hq("agent", "attach", "nobody").exitCode()).isEqualTo(3);
        fleet.answer("/v1/sessions", 403, "{\"code\":\"denied\",\"detail\":\"not yours\",\"status\":403}");
        assertThat(fleet.hq("agent", "attach", "chief").exitCode()).isEqualTo(1);
        FleetRecord.delete(fleet.home());
        assertThat(fleet.hq("agent", "attach", "chief").exitCode()).isEqualTo(2);
    }
}
