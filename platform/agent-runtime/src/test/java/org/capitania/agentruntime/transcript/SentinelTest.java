package org.capitania.agentruntime.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentinelTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<task-complete reason=\"sent\"/>",
                "All done.\n\n<task-complete reason=\"sent\"/>\n",
                "  <task-complete   reason=\"sent\"  />  ",
                "```json\n{}\n```\n<task-complete reason=\"sent\"/>",
                "~~~\n```\n~~~\n<task-complete reason=\"sent\"/>",
                "````\n```\n````\n<task-complete reason=\"sent\"/>",
                "an ``` inline ``` fence\n<task-complete reason=\"sent\"/>",
                "```not a fence: `x`\n<task-complete reason=\"sent\"/>",
                "first\r\n<task-complete reason=\"sent\"/>\r\n",
                "<task-complete reason=\"sent\" confidence=\"0.8\"/>",
                "<task-complete reason=\"sent\" confidence=\"high\"/>",
                "<task-complete reason=\"sent\" confidence=\"90 %\"/>",
                "<task-complete reason=\"sent\" confidence=\"\"/>",
            })
    void shouldFindSentinelWhenItStandsOnItsOwnLine(String text) {
        assertThat(Sentinel.reason(text)).contains("sent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "done",
                "I will write <task-complete reason=\"sent\"/> at the end",
                "`<task-complete reason=\"sent\"/>`",
                "> <task-complete reason=\"sent\"/>",
                "```\n<task-complete reason=\"sent\"/>\n```",
                "~~~xml\n<task-complete reason=\"sent\"/>\n~~~",
                "```\nnever closed\n<task-complete reason=\"sent\"/>",
                "````\n```\n<task-complete reason=\"sent\"/>\n````",
                "    <task-complete reason=\"sent\"/>",
                "\t<task-complete reason=\"sent\"/>",
                "<task-complete/>",
                "<task-complete reason=\"\"/>",
                "<task-complete reason=\"sent\">",
                "&lt;task-complete reason=\"sent\"/&gt;",
                "<task-complete reason=\"a\" force=\"yes\"/>",
                "- <task-complete reason=\"sent\"/>",
            })
    void shouldFindNoSentinelWhenItIsQuotedOrBroken(String text) {
        assertThat(Sentinel.reason(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0.8, 0.8", "1, 1", ".75, 0.75", "high,", "90 %,", "'',"})
    void shouldTellHowSureItIsOnlyWhereThatIsAFigure(String said, @Nullable Double figure) {
        assertThat(Sentinel.confidence("<task-complete reason=\"sent\" confidence=\"" + said + "\"/>"))
                .isEqualTo(Optional.ofNullable(figure));
    }

    @Test
    void shouldTakeLastReasonWhenThereAreTwo() {
        assertThat(Sentinel.reason("<task-complete reason=\"one\"/>\n<task-complete reason=\"two\"/>"))
                .contains("two");
    }

    @Test
    void shouldLeaveWordsForPeopleWhenSentinelIsTakenOut() {
        assertThat(Sentinel.without("Answered.\n\n<task-complete reason=\"x\"/>\n"))
                .isEqualTo("Answered.");
    }
}
