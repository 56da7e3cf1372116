package org.capitania.cli.action;

import static org.assertj.core.api.Assertions.assertThat;

import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ActionVerbsTest {
    private static final String DOUBTS = "/v1/doubts";

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @Test
    void shouldListWhatIsInDoubtAndSettleIt() {
        fleet.answer(
                DOUBTS,
                "{\"items\":[{\"id\":\"s:1:0\",\"tool\":\"hq_event_log\",\"actor\":\"agent:operator\",\"why\":\"nobody answered\"}]}");
        assertThat(fleet.hq("action", "doubts").out())
                .contains("s:1:0  hq_event_log by agent:operator: nobody answered");
        fleet.answer(DOUBTS, "{\"items\":[]}");

        Result settled = fleet.hq("action", "settle", "s:1:0", "not-done", "--note", "I looked");

        assertThat(settled.exitCode()).isZero();
        assertThat(settled.out()).contains("s:1:0 is not done", "nothing is in doubt");
        assertThat(fleet.hq("action", "settle", "s:1:0", "perhaps").exitCode()).isEqualTo(1);
    }

    @Test
    void shouldGradeOneAct() {
        fleet.answer("/v1/actions/s%3A1%3A0/annotations", "{\"grade\":\"bad\"}");

        Result graded = fleet.hq("action", "annotate", "s:1:0", "--grade", "bad", "--note", "too early");

        assertThat(graded.exitCode()).as(graded.out()).isZero();
        assertThat(graded.out()).contains("graded bad: s:1:0");
    }
}
