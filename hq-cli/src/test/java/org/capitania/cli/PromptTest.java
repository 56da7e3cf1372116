package org.capitania.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.capitania.cli.CannedFleet.Result;
import org.capitania.cli.home.FleetRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every command holds to at the prompt and in scripts: the envelope, the exit code, what goes where. */
class PromptTest {
    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    private static void assertEnvelope(Result result) {
        assertThat(result.out().lines()).hasSize(1);
        assertThat(result.json().properties().stream().map(Map.Entry::getKey))
                .containsExactly("ok", "action", "data", "audit_event_id", "trace_id", "error");
    }

    @ParameterizedTest
    @CsvSource({
        "proposal lst,proposal",
        "proposal,proposal",
        "proposal approve,proposal.approve",
        "proposal list --status,proposal.list",
        "ingest email,ingest.email",
        "events tail --limit many,events.tail",
        "up --colour red,up",
        "as-of,as-of",
        "token,token"
    })
    void shouldPrintTheEnvelopeWhenItIsUsedWrongly(String line, String action) {
        Result text = fleet.hq(line.split(" "));
        Result json = fleet.hq(Stream.concat(Stream.of("--json"), Arrays.stream(line.split(" ")))
                .toArray(String[]::new));

        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.out()).isEmpty();
        assertThat(text.err()).startsWith("hq: ").contains("--help");
        assertThat(json.exitCode()).isEqualTo(1);
        assertEnvelope(json);
        assertThat(json.json().path("ok").asBoolean()).isFalse();
        assertThat(json.json().path("action").asText()).isEqualTo(action);
        assertThat(json.json().at("/error/code").asText()).isEqualTo("wrong_use");
        assertThat(json.err()).startsWith("hq: ");
        assertThat(fleet.asked())
                .as("no more than what the catalogue has")
                .allSatisfy(asked -> assertThat(asked.path()).isEqualTo("/v1/tools"));
    }

    @Test
    void shouldSayThatPeopleRunNoAgentWhetherOrNotAnythingRuns() {
        FleetRecord.delete(fleet.home());

        Result result = fleet.hq("agent", "run", "chief", "--json");

        assertThat(result.exitCode()).isEqualTo(1);
        assertEnvelope(result);
        assertThat(result.json().at("/error/code").asText()).isEqualTo("denied");
        assertThat(result.err()).contains("hq agent send");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agent status",
                "agent status chief",
                "agent presence chief",
                "agent inbox chief --from agent:operator",
                "agent pause chief --for 30m",
                "agent resume chief",
                "agent restart chief",
                "agent restart chief --fresh-session",
                "agent handover chief",
                "agent roster",
                "agent roster --scope project",
                "agent ask chief well?",
                "agent reply m-1 yes",
                "agent broadcast @all hello",
                "agent send chief well."
            })
    void shouldControlAgents(String line) {
        fleet.answer("/v1/agents", "{\"items\":[{\"role\":\"chief\",\"state\":\"cold\",\"queued\":0}]}")
                .answer("/v1/agents/chief", "{\"role\":\"chief\",\"audit_event_id\":\"a-1\"}")
                .answer("/v1/messages", "{\"items\":[],\"message_id\":\"m-1\",\"reply\":\"yes\"}")
                .answer("/v1/messages/m-1", "{\"message_id\":\"m-1\",\"from\":\"agent:chief\",\"state\":\"answered\"}")
                .answer("/v1/broadcasts", "{\"items\":[{\"to\":\"chief\"},{\"to\":\"operator\"}]}");

        Result result = fleet.hq((line + " --json").split(" "));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertEnvelope(result);
        assertThat(result.json().path("action").asText())
                .isEqualTo(String.join(".", Arrays.copyOf(line.split(" "), 2)));
        assertThat(result.err()).isEmpty();
    }

    @Test
    void shouldShowOnlyQuestionsThatWaitWhenAskedForWhatIsUnread() {
        fleet.answer("/v1/messages?to=chief", "{\"items\":[{\"message_id\":\"m-1\",\"text\":\"long ago\"}]}")
                .answer(
                        "/v1/messages?to=chief&state=waiting",
                        "{\"items\":[{\"message_id\":\"m-2\",\"text\":\"well?\"}]}");

        assertThat(fleet.hq("agent", "inbox", "chief", "--unread").out())
                .contains("well?")
                .doesNotContain("long ago");
    }

    @Test
    void shouldSayWhatAnAgentMadeOfANoteWhenItIsFollowed() {
        fleet.answer("/v1/messages", "{\"message_id\":\"m-1\",\"tainted\":false}")
                .answer(
                        "/v1/messages/m-1",
                        "{\"message_id\":\"m-1\",\"state\":\"answered\",\"reply\":\"noted: call Ana first\"}");

        assertThat(fleet.hq("agent", "send", "chief", "Call Ana first", "-f").out())
                .contains("noted: call Ana first");
        assertThat(fleet.hq("agent", "send", "chief", "Call Ana first").out()).contains("sent to chief");
        assertThat(fleet.hq("agent", "broadcast").exitCode()).isEqualTo(1);
        assertThat(fleet.hq("agent", "roster", "--scope", "all").exitCode()).isEqualTo(1);
    }

    @Test
    void shouldNotWaitLongerForAnAgentThanAnybodyMay() {
        assertThat(fleet.hq("agent", "ask", "chief", "well?", "--timeout", "6m").exitCode())
                .isEqualTo(1);
        assertThat(fleet.hq("agent", "ask", "nobody", "well?").exitCode()).isEqualTo(3);
        assertThat(fleet.asked()).hasSize(1);
    }

    @Test
    void shouldUseColourAtATerminalOnlyAndNotWhenAskedNotTo() {
        fleet.answer("/v1/agents", "{\"items\":[{\"role\":\"chief\",\"state\":\"warm\",\"queued\":0}]}");
        Map<String, String> terminal = Map.of("TERM", "xterm");

        assertThat(fleet.atTerminal(terminal, "agent", "status").out()).contains("\u001b[");
        assertThat(fleet.atTerminal(terminal, "agent", "status", "nobody").err())
                .contains("\u001b[");
        for (Map<String, String> without :
                new Map[] {Map.of("TERM", "xterm", "NO_COLOR", "1"), Map.of("TERM", "dumb"), Map.of()}) {
            assertThat(fleet.atTerminal(without, "agent", "status").out()).doesNotContain("\u001b");
            assertThat(fleet.atTerminal(without, "agent", "status", "nobody").err())
                    .doesNotContain("\u001b");
        }
        assertThat(fleet.hq(terminal, "agent", "status").out()).doesNotContain("\u001b");
        assertThat(fleet.atTerminal(terminal, "agent", "status", "--json").out())
                .doesNotContain("\u001b");
    }

    @Test
    void shouldNameEachFileThatIsNotTaken() throws IOException {
        Path good = Files.writeString(fleet.directory().resolve("good.eml"), "From: ana@example.org\n\nhi");
        Path large = Files.write(fleet.directory().resolve("large.eml"), new byte[2 * 1024 * 1024]);
        fleet.answer("/v1/emails", "{\"id\":\"i\",\"slug\":\"mail-i\",\"conversation\":\"c\",\"duplicate\":false}");

        Result result = fleet.hq(
                "ingest",
                "email",
                "absent.eml",
                good.toString(),
                large.toString(),
                fleet.directory().toString(),
                "--json");

        assertThat(result.exitCode()).isEqualTo(1);
        assertEnvelope(result);
        assertThat(result.json().path("data")).hasSize(2);
        assertThat(result.json().at("/error/code").asText()).isEqualTo("not_an_email");
        assertThat(result.json().at("/error/message").asText()).isEqualTo("2 of 4 files were not taken");
        assertThat(result.json().at("/error/errors/0/path").asText()).isEqualTo("absent.eml");
        assertThat(result.json().at("/error/errors/1/message").asText()).contains("directory");
        assertThat(result.err())
                .contains("absent.eml: there is no such file", fleet.directory() + ": this is a directory");
        // The service hears of a large one before it is sent.
        assertThat(fleet.asked()).hasSize(2);
        assertThat(fleet.asked().getFirst().headers()).doesNotContainKey("expect");
        assertThat(fleet.last().headers().get("expect")).isEqualToIgnoringCase("100-continue");
    }

    @Test
    void shouldSayWhichFileTheServiceRefused() throws IOException {
        Path notes = Files.writeString(fleet.directory().resolve("notes.txt"), "buy bread");
        fleet.answer("/v1/emails", 422, "{\"code\":\"not_an_email\",\"detail\":\"this is a note\",\"status\":422}");

        Result result = fleet.hq("ingest", "email", notes.toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("notes.txt: this is a note");
    }

    @Test
    void shouldDescribeAsOfATime() {
        fleet.answer("/v1/nodes/moinho", "{\"node\":{\"id\":\"n\",\"slug\":\"moinho\"},\"edges\":[]}");

        assertThat(fleet.hq("as-of", "2h", "describe", "moinho", "--json").exitCode())
                .isZero();
        assertThat(fleet.last().path()).contains("as_of=2026-03-01T10%3A00%3A00Z");
        assertThat(fleet.hq("as-of", "2026-02-01T00:00:00Z", "describe", "moinho")
                        .exitCode())
                .isZero();
        assertThat(fleet.last().path()).contains("as_of=2026-02-01T00%3A00%3A00Z");
        assertThat(fleet.hq("as-of", "lately", "describe", "moinho").exitCode()).isEqualTo(1);
        assertThat(fleet.hq("as-of", "2h", "delete", "moinho").exitCode()).isEqualTo(1);
        assertThat(fleet.hq("as-of", "2h", "describe", "nobody").exitCode()).isEqualTo(3);
    }

    @Test
    void shouldNameNounAndVerbOfAToolThatRefuses() {
        fleet.answer(
                        "/v1/tools",
                        "{\"tools\":[{\"name\":\"hq_task\",\"input_schema\":{\"properties\":{\"action\":{\"type\":\"string\"}}}}]}")
                .answer(
                        "/v1/tools/hq_task/calls",
                        "{\"ok\":false,\"error\":{\"code\":\"denied\",\"message\":\"not yours\",\"errors\":[]}}");

        Result refused = fleet.hq("task", "close", "--json");
        fleet.answer("/v1/tools/hq_task/calls", "{\"ok\":true,\"action\":\"task.list\",\"data\":[]}");
        Result listed = fleet.hq("task", "list", "--json");

        assertThat(refused.json().path("action").asText()).isEqualTo("task.close");
        assertThat(listed.exitCode()).isZero();
        assertThat(listed.json().path("audit_event_id").isNull()).isTrue();
        assertThat(listed.json().path("trace_id").asText()).hasSize(32);
    }
}
