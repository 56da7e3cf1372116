package org.capitania.cli.notification;

import static org.assertj.core.api.Assertions.assertThat;

import org.capitania.cli.CannedFleet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NotificationTest {
    private static final String ID = "0190aaaa-0000-7000-8000-0000000000ee";

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @Test
    void shouldListWhatAgentsToldAndPutItAway() {
        fleet.answer("/v1/notifications", """
                        {"items":[{"id":"%s","from":"agent:chief","urgency":"now","text":"Rita cancels.","sent_at":"2026-03-01T11:00:00Z"}]}
                        """.formatted(ID))
                .answer("/v1/notifications/" + ID + "/resolve", "{\"id\":\"" + ID + "\"}");

        assertThat(fleet.hq("notification", "list").out()).contains("agent:chief", "now", "Rita cancels.");
        assertThat(fleet.hq("notification", "resolve", "0000ee").exitCode()).isZero();
        assertThat(fleet.last().path()).isEqualTo("/v1/notifications/" + ID + "/resolve");
        assertThat(fleet.last().method()).isEqualTo("POST");
        assertThat(fleet.hq("notification", "resolve", "ff").exitCode()).isEqualTo(3);
    }
}
