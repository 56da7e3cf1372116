package org.capitania.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedTools;
import org.capitania.cli.home.FleetRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionTest {
    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @BeforeEach
    void start() {
        CannedTools.play(fleet);
        fleet.answer(
                        "/v1/proposals",
                        "{\"items\":[{\"id\":\"0190aaaa-0000-7000-8000-0000000000aa\",\"summary\":\"Answer Ana\"}]}")
                .answer(
                        "/v1/agents",
                        "[{\"role\":\"chief\",\"state\":\"cold\"},{\"role\":\"operator\",\"state\":\"warm\"}]")
                .answer("/v1/nodes", "{\"items\":[{\"slug\":\"task:call-rita\",\"title\":\"Call Rita\"}]}")
                .answer("/v1/gaps", "{\"items\":[{\"name\":\"unanswered_ask\",\"description\":\"Nobody answered.\"}]}");
    }

    /** What is offered for the last of the words. */
    private List<String> offered(String words) {
        return fleet.hq(("_complete " + words).split(" ", -1))
                .out()
                .lines()
                .map(line -> line.split("\t")[0])
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prop|proposal",
                "proposal ap|approve",
                "proposal list --st|--status",
                "proposal list --status pen|pending",
                "proposal list --status=pen|--status=pending",
                "proposal show 0000|000000aa",
                "proposal show --json 0000|000000aa",
                "agent pause op|operator",
                "gap show un|unanswered_ask",
                "tas|task",
                "task as|assign",
                "task list --own|--owner",
                "task list --owner chi|chief",
                "task list --priority fo|focus",
                "task complete task:c|task:call-rita",
                "entity prof|profile",
                "entity create --kind org|organization",
                "email sea|search",
                "tools rev|revoke",
                "producer hea|health",
                "producer health --js|--json",
                "completion z|zsh",
                "events ta|tail",
                "agent att|attach",
            })
    void shouldOfferTheOneThatIsMeant(String begun, String word) {
        assertThat(offered(begun)).containsExactly(word);
    }

    @Test
    void shouldOfferNothingThatIsNotThereAndNothingInternal() {
        assertThat(offered("_")).isEmpty();
        assertThat(offered("agent run")).isEmpty();
        assertThat(offered("frobnicate x")).isEmpty();
        assertThat(offered("task list --priority zzz")).isEmpty();
        assertThat(fleet.hq("_complete").out()).contains("proposal\t").doesNotContain("_service");
    }

    @Test
    void shouldOfferWhatItKnewAndSayNothingWhenNothingAnswers() {
        offered("task ");
        fleet.close();
        assertThat(offered("task ass")).containsExactly("assign");
        assertThat(fleet.hq("_complete", "agent", "pause", "").out()).isEmpty();
        assertThat(fleet.hq("_complete", "agent", "pause", "").err()).isEmpty();
        FleetRecord.delete(fleet.home());
        assertThat(offered("propos")).containsExactly("proposal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void shouldPrintWhatAShellHasToRun(String shell) {
        assertThat(fleet.hq("completion", shell).out()).contains("_complete", "completion " + shell);
        assertThat(fleet.hq("completion", "csh").exitCode()).isEqualTo(1);
    }

    @Test
    void shouldCompleteInBash() throws IOException, InterruptedException {
        // It is there wherever this is tested: the whole check is a script of it.
        Path bash = Path.of("/bin/bash");
        // Given: an hq that writes down how it was asked and offers what ours did
        Path hq = fleet.directory().resolve("hq");
        Files.writeString(hq, """
                #!/bin/sh
                for word in "$@"; do printf '<%s>' "$word"; done >> "DIRECTORY/asked"; echo >> "DIRECTORY/asked"
                printf 'task:call-rita\\tCall Rita\\ntask:call-rui\\tCall Rui\\n'
                """.replace("DIRECTORY", fleet.directory().toString()));
        Files.setPosixFilePermissions(hq, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path script = Files.writeString(
                fleet.directory().resolve("hq.bash"),
                fleet.hq("completion", "bash").out());
        // When bash is asked as it asks when the key is pressed
        String said = bash(bash, """
                source "%s"; COMP_LINE='hq task complete task:ca'; COMP_POINT=${#COMP_LINE}
                COMP_WORDS=(hq task complete task : ca); COMP_CWORD=5; _hq; printf '%%s\\n' "${COMPREPLY[@]}"
                COMP_LINE='hq proposal '; COMP_POINT=${#COMP_LINE}; COMP_WORDS=(hq proposal ''); COMP_CWORD=2; _hq
                complete -p hq""".formatted(script));
        // Then
        assertThat(said.lines()).startsWith("call-rita", "call-rui");
        assertThat(said).contains("-F _hq hq");
        assertThat(fleet.directory().resolve("asked"))
                .content()
                .isEqualTo("<_complete><task><complete><task:ca>\n<_complete><proposal><>\n");
    }

    private String bash(Path bash, String commands) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(bash.toString(), "--norc", "-c", commands).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        fleet.directory() + ":/usr/bin:/bin",
                        "HOME",
                        fleet.directory().toString()));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
