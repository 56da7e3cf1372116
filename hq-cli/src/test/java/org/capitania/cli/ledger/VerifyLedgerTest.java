package org.capitania.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class VerifyLedgerTest {
    private static final String VERIFY = "/v1/ledger/verify";

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @Test
    void shouldSayThatTheChainsAreSound() {
        fleet.answer(VERIFY, "[{\"table\":\"agent_actions\",\"entries\":7,\"head\":\"ab\",\"published_heads\":2}]");

        Result result = fleet.hq("ledger", "verify");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("agent_actions: sound, 7 entries, 2 published heads");
    }

    @Test
    void shouldFailAndSayWhereWhenOneIsBroken() {
        fleet.answer(
                VERIFY,
                "[{\"table\":\"agent_actions\",\"entries\":3,\"head\":\"ab\",\"published_heads\":2,\"broken_at\":4,\"reason\":\"entry 4 is missing\"}]");

        Result result = fleet.hq("ledger", "verify", "--json");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.json().at("/error/code").asText()).isEqualTo("ledger_broken");
        assertThat(result.json().at("/error/message").asText()).contains("entry 4 is missing");
        assertThat(result.json().at("/data/0/broken_at").asLong()).isEqualTo(4);
    }

    @Test
    void shouldSayWhatDiffersAndWhatCouldNotBeChecked() {
        fleet.answer(VERIFY, """
                [{"table":"agent_actions","entries":3,"head":"ab","published_heads":2,"broken_at":4,"reason":"entry 4 is another one",
                  "differing":3,"differences":[{"kind":"edited","seq":4,"event_id":"ledger:9","call_id":"s:1:0"},
                                               {"kind":"missing","event_id":"ledger:10","call_id":"s:1:1"}],
                  "unchecked":"2 entries have no record any more"}]
                """);

        Result result = fleet.hq("ledger", "verify");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out())
                .contains(
                        "entry 4 edited, call s:1:0, event ledger:9",
                        "an entry missing, call s:1:1, event ledger:10",
                        "and 1 more",
                        "not checked: 2 entries have no record any more");
    }
}
