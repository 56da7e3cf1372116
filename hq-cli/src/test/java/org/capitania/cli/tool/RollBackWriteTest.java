package org.capitania.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollBackWriteTest {
    private static final String CALLS = "/v1/tools/hq_proposal/calls";

    @TempDir
    Path directory;

    private CannedFleet fleet;

    @BeforeEach
    void start() throws IOException {
        fleet = CannedFleet.in(directory);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

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
