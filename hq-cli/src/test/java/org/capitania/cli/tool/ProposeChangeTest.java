package org.capitania.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProposeChangeTest {
    private static final String CALLS = "/v1/tools/hq_proposal/calls";

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @Test
    void shouldAskWithItsEvidence() {
        fleet.answer(
                CALLS,
                "{\"ok\":true,\"action\":\"propose\",\"data\":{\"id\":\"d-1\",\"slug\":\"decision-window\"},\"audit_event_id\":\"call-1\"}");

        Result result = fleet.hq(
                "proposal",
                "propose",
                "--kind",
                "schema_change",
                "--title",
                "Keep the window",
                "--evidence",
                "{\"n\":4}");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("decision-window", "operator prepares it");
        assertThat(fleet.last().json().path("arguments").toString())
                .isEqualTo(
                        "{\"action\":\"propose\",\"kind\":\"schema_change\",\"evidence\":\"{\\\"n\\\":4}\",\"title\":\"Keep the window\"}");
        assertThat(fleet.hq("proposal", "propose", "--kind", "schema_change").exitCode())
                .isEqualTo(1);
    }
}
