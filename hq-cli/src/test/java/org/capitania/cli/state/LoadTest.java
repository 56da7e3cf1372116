package org.capitania.cli.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTest {
    private static final String LINES = "{\"op\":\"create\",\"type\":\"task\"}\n{\"op\":\"link\"}\n";

    @TempDir
    Path directory;

    @Test
    void shouldSendTheFileUnderItsOwnKeyWhenNoneIsGiven() throws IOException {
        try (CannedFleet fleet = CannedFleet.in(directory)) {
            // Given
            Files.writeString(directory.resolve("company.ndjson"), LINES);
            fleet.answer(
                    "/v1/load",
                    "{\"key\":\"k\",\"lines\":4000000,\"nodes\":1000000,\"edges\":2999990,\"found\":10,\"finished\":true}");
            // When
            Result loaded = fleet.hq("state", "load", "company.ndjson", "--reason", "moving in");
            // Then
            assertThat(loaded.exitCode()).as(loaded.err()).isZero();
            assertThat(loaded.out()).contains("1,000,000 nodes, 2,999,990 edges, 10 there already in 4,000,000 lines");
            assertThat(fleet.last().body()).isEqualTo(LINES);
            assertThat(fleet.last().headers())
                    .containsEntry("content-type", "application/x-ndjson")
                    .containsEntry("transfer-encoding", "chunked")
                    .containsEntry("x-hq-reason", "moving in");
            String key = fleet.last().headers().get("idempotency-key");
            assertThat(key).matches("sha256:[0-9a-f]{64}");
            // And: the same file has the same key, another one another
            fleet.hq("state", "load", "company.ndjson");
            assertThat(fleet.last().headers()).containsEntry("idempotency-key", key);
            Files.writeString(directory.resolve("company.ndjson"), LINES + LINES);
            fleet.hq("state", "load", "company.ndjson");
            assertThat(fleet.last().headers().get("idempotency-key")).isNotEqualTo(key);
            fleet.hq("state", "load", "company.ndjson", "--key", key);
            assertThat(fleet.last().headers()).containsEntry("idempotency-key", key);
        }
    }

    @Test
    void shouldSayWhichLineIsWrongAndHowToGoOn() throws IOException {
        try (CannedFleet fleet = CannedFleet.in(directory)) {
            // Given
            Files.writeString(directory.resolve("company.ndjson"), LINES);
            fleet.answer("/v1/load", 422, """
                    {"code":"schema_violation","status":422,"detail":"line 2: /lines/2/from is absent","hint":"lines 1 to 1 are loaded; send the file again under the key k",
                     "errors":[{"path":"/lines/2/from","allowed":"a text","message":"/from is absent"}]}""");
            // When
            Result refused = fleet.hq("state", "load", "company.ndjson");
            // Then
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("line 2", "/lines/2/from", "under the key k");
            assertThat(fleet.hq("state", "load", "nowhere.ndjson").exitCode()).isEqualTo(1);
        }
    }
}
