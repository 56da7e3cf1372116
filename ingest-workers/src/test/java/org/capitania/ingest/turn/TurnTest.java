package org.capitania.ingest.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnTest {
    private static final String SAID = "2026-03-02T09:00:00Z";

    @ParameterizedTest
    @CsvSource({
        // Her clock is ten minutes slow, or an hour fast: ours counts, by which our answers are dated
        "2026-03-02T09:10:00Z, 2026-03-02T09:10:00Z",
        "2026-03-02T08:00:00Z, 2026-03-02T08:00:00Z",
        // It lay in a mailbox that we read for the first time
        "2026-05-01T12:00:00Z, 2026-03-02T09:00:00Z",
        ", 2026-03-02T09:00:00Z"
    })
    void shouldBeOursSinceItReachedUsWhenSomebodyWrote(String received, Instant at) {
        String props =
                "{\"direction\": \"in\"" + (received == null ? "" : ", \"received_at\": \"" + received + "\"") + "}";
        assertThat(turn(props)).contains(new Turn("ours", at, "her"));
    }

    @Test
    void shouldBeTheirsSinceItWasSaidWhenOneOfUsSpoke() {
        assertThat(turn("{\"direction\": \"out\", \"received_at\": \"2026-03-02T09:30:00Z\"}"))
                .contains(new Turn("theirs", Instant.parse(SAID), "us"));
    }

    @Test
    void shouldBeNobodysWhenAMachineWroteOrNobodySpokeToAnother() {
        assertThat(turn("{\"direction\": \"in\", \"answerable\": false}").map(Turn::status))
                .contains(Turn.CLOSED);
        assertThat(turn("{\"direction\": \"internal\"}")).isEmpty();
        assertThat(turn("{}")).isEmpty();
    }

    private static Optional<Turn> turn(String props) {
        return Turn.of(Json.read("""
                {"node": {"id": "i", "type": "interaction", "occurred_at": "%s", "producer_id": "us", "props": %s},
                 "edges": [{"type": "to", "direction": "out", "other": {"id": "him"}}, {"type": "from", "direction": "out", "other": {"id": "her"}}]}""".formatted(SAID, props), NodeView.Detail.class));
    }
}
