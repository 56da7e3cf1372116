package org.capitania.cli.person;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ErasePersonTest {
    private static final String ID = "0190aaaa-0000-7000-8000-0000000000cc";

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @BeforeEach
    void start() throws IOException {
        fleet.answer(
                        "/v1/nodes/rui",
                        "{\"node\":{\"id\":\"" + ID
                                + "\",\"type\":\"contact\",\"slug\":\"rui\",\"title\":\"Rui Falcão\"}}")
                .answer("/v1/nodes/bakery", "{\"node\":{\"id\":\"n\",\"type\":\"entity\",\"slug\":\"bakery\"}}")
                .answer(
                        "/v1/erasures",
                        "{\"erased\":3,\"redacted\":2,\"edges\":4,\"retained\":[\"n-9\"],\"audit_event_id\":\"a\"}");
    }

    @Test
    void shouldEraseTheContactAndSayWhatWasKept() {
        // When
        Result result = fleet.hq("person", "erase", "rui", "--yes", "--reason", "asked by letter");
        // Then
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(fleet.last().path()).isEqualTo("/v1/erasures");
        assertThat(fleet.last().json().path("person").asText()).isEqualTo(ID);
        assertThat(result.out()).contains("erased: 3 nodes, 4 edges", "2 nodes of others", "n-9");
    }

    @Test
    void shouldEraseNothingUnlessItIsConfirmed() {
        // When
        Result result = fleet.hq("person", "erase", "rui");
        // Then
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err()).contains("erase all data of Rui Falcão (rui)", "--yes");
        assertThat(fleet.last().path()).isEqualTo("/v1/nodes/rui");
    }

    @Test
    void shouldEraseNobodyWhoIsNoContact() {
        // When
        Result result = fleet.hq("person", "erase", "bakery", "--yes");
        // Then
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err()).contains("bakery is of type entity", "a person is a contact");
        assertThat(fleet.last().path()).isEqualTo("/v1/nodes/bakery");
    }
}
