package org.capitania.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Answer;
import org.capitania.cli.CannedFleet.Asked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DefinitionsTest {
    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @BeforeEach
    void start() {
        fleet.answer("/v1/tools/", "{\"ok\":true,\"action\":\"it\",\"data\":{\"items\":[]}}");
    }

    private static Answer published(Asked asked, String tag, String tools) {
        return tag.equals(asked.headers().get("if-none-match"))
                ? new Answer(304, "", tag)
                : new Answer(200, "{\"tools\":[" + tools + "]}", tag);
    }

    @Test
    void shouldAskForThemOnceAndAfterwardsOnlyWhetherTheyChanged() {
        fleet.answer("/v1/tools", asked -> published(asked, "\"one\"", "{\"name\":\"hq_vessel\",\"input_schema\":{}}"));

        assertThat(fleet.hq("vessel").exitCode()).isZero();
        assertThat(fleet.hq("vessel").exitCode()).isZero();
        assertThat(fleet.hq("tools", "list").exitCode()).isZero();

        assertThat(fleet.asked().stream()
                        .filter(asked -> asked.path().equals("/v1/tools"))
                        .map(asked -> asked.headers().getOrDefault("if-none-match", "")))
                .startsWith("", "\"one\"");
    }

    @Test
    void shouldHaveItsVerbAtOnceWhenAToolIsNew() {
        fleet.answer("/v1/tools", asked -> published(asked, "\"one\"", "{\"name\":\"hq_vessel\",\"input_schema\":{}}"));
        assertThat(fleet.hq("harbour").exitCode()).isEqualTo(1);

        fleet.answer(
                "/v1/tools", asked -> published(asked, "\"two\"", "{\"name\":\"hq_harbour\",\"input_schema\":{}}"));

        assertThat(fleet.hq("harbour").exitCode()).isZero();
        assertThat(fleet.hq("vessel").exitCode()).isEqualTo(1);
        assertThat(fleet.hq("_complete", "har").out()).isEqualTo("harbour\n");
    }

    @Test
    void shouldAskAnewWhenWhatIsKeptIsBrokenOrOfAnotherFleet() throws IOException {
        fleet.answer("/v1/tools", asked -> published(asked, "\"one\"", "{\"name\":\"hq_vessel\",\"input_schema\":{}}"));
        Path kept = fleet.home().toolDefinitions();

        for (String content : new String[] {
            "{\"from\":\"htt", "{\"from\":\"http://elsewhere\",\"tag\":\"\\\"one\\\"\",\"body\":{\"tools\":[]}}"
        }) {
            Files.writeString(kept, content);
            assertThat(fleet.hq("vessel").exitCode()).isZero();
            assertThat(kept).content().contains("hq_vessel");
        }
    }

    @Test
    void shouldSayWhatThereIsToDoWhenTheActionIsAbsentOrUnknown() {
        fleet.answer(
                "/v1/tools",
                "{\"tools\":[{\"name\":\"hq_task\",\"input_schema\":{\"properties\":{\"action\":{\"enum\":[\"list\",\"set_aside\"]}}}}]}");

        assertThat(fleet.hq("task").err()).contains("say what to do with hq task", "list, set-aside");
        assertThat(fleet.hq("task", "frob").err()).contains("hq task has no frob", "list, set-aside");
        assertThat(fleet.asked()).extracting(Asked::path).containsOnly("/v1/tools");
    }
}
