package org.capitania.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Every verb that the design has (chapter 28) works with the flags it has there, or names the part that is not there yet. */
class ChapterTest {
    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @BeforeEach
    void start() throws IOException {
        CannedTools.play(fleet);
        Files.writeString(fleet.directory().resolve("talk.md"), "They want bread on Mondays.");
        fleet.answer("/", "{\"items\":[],\"node\":{\"id\":\"n\",\"type\":\"producer\"},\"message_id\":\"m\"}")
                .answer("/v1/agents", "[{\"role\":\"chief\",\"state\":\"cold\"}]")
                .answer("/v1/sessions", "{\"items\":[{\"session_id\":\"s-1\"}]}")
                .answer("/v1/sessions/s-1/live", "event: end\ndata: {\"reason\":\"done\"}\n\n")
                .answer("/v1/actions", "{\"actions\":[{\"id\":\"a\",\"tool\":\"hq_search\",\"status\":\"done\"}]}")
                .answer(
                        "/v1/reviews",
                        "{\"items\":[{\"id\":\"0190aaaa-0000-7000-8000-0000000000dd\",\"title\":\"Which Ana?\"}]}");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/chapter-28.txt", delimiter = '|', quoteCharacter = '`')
    void shouldWorkOrNameThePartThatIsNotThereYet(String words, String fate) {
        Result result = fleet.hq((words + " --json").split(" "));

        if (fate.equals("works")) {
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.json().path("ok").asBoolean()).isTrue();
        } else if (fate.equals("goes on")) {
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.json().path("event").asText()).isEqualTo("end");
        } else {
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.json().at("/error/code").asText())
                    .as(result.err())
                    .isIn("not_available_yet", "denied");
            assertThat(result.json().at("/error/message").asText()).contains(fate);
        }
    }
}
