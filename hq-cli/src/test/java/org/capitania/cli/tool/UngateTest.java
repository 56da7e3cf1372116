package org.capitania.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UngateTest {
    private static final String CALLS = "/v1/tools/hq_graduation/calls";

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @Test
    void shouldGraduateOneActWhenTheOwnerSaysSo() {
        fleet.answer(CALLS, "{\"ok\":true,\"action\":\"grant\",\"data\":{\"items\":[]},\"audit_event_id\":\"call-1\"}");

        Result result =
                fleet.hq("agent", "ungate", "chief", "--action=email_send", "--scope", "domain:padaria.pt", "--json");

        assertThat(result.exitCode()).isZero();
        assertThat(result.json().path("audit_event_id").asText()).isEqualTo("call-1");
        assertThat(fleet.last().json().path("arguments").toString())
                .isEqualTo(
                        "{\"action\":\"grant\",\"agent\":\"chief\",\"act\":\"email_send\",\"scope\":\"domain:padaria.pt\"}");
    }

    @Test
    void shouldTakeItBackAndSayWhatWasRefused() {
        fleet.answer(
                CALLS,
                "{\"ok\":false,\"error\":{\"code\":\"denied\",\"message\":\"only the owner may\",\"hint\":\"ask the owner\",\"errors\":[]}}");

        Result result = fleet.hq("agent", "ungate", "chief", "--action", "email_send", "--revoke");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("only the owner may", "ask the owner");
        assertThat(fleet.last().json().at("/arguments/action").asText()).isEqualTo("revoke");
    }
}
