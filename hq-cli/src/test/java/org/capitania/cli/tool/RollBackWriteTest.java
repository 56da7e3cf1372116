package org.capitania.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RollBackWriteTest {
    private static final String CALLS = "/v1/tools/hq_proposal/calls";

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @Test
    void shouldAskForTheWriteToBeTakenBack() {
        fleet.answer(
                CALLS,
                "{\"ok\":true,\"action\":\"rollback\",\"data\":{\"rolled_back\":\"w-1\"},\"audit_event_id\":\"call-1\"}");

        Result result = fleet.hq("proposal", "rollback", "w-1");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("w-1");
        assertThat(fleet.last().json().path("arguments").toString())
                .isEqualTo("{\"action\":\"rollback\",\"audit_event_id\":\"w-1\"}");
    }

    @Test
    void shouldSayWhatRestsOnIt() {
        fleet.answer(
                CALLS,
                "{\"ok\":false,\"error\":{\"code\":\"version_conflict\",\"message\":\"1 newer changes rest on it\",\"hint\":\"first\",\"errors\":[]}}");

        Result result = fleet.hq("proposal", "rollback", "w-1");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("rest on it");
    }
}
