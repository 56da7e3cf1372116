package org.capitania.cli.gap;

import static org.assertj.core.api.Assertions.assertThat;

import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operator does at night, asked for by the owner, and how it does. */
class OperatorVerbsTest {
    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @Test
    void shouldPutGapsOnTheList() {
        fleet.answer("/v1/tools/hq_gap/calls", """
                {"ok":true,"data":{"items":[{"name":"gap_billing","severity":"blocker","title":"Nothing was invoiced.","slug":"task-resolve"}],
                 "made":1,"closed":2,"open":3,"left":4}}""");

        Result result = fleet.hq("gap", "triage", "gap_billing", "--limit", "1");

        assertThat(result.exitCode()).as(result.out()).isZero();
        assertThat(result.out()).contains("task-resolve", "Nothing was invoiced.", "1 made, 2 closed, 3 open, 4 left");
        fleet.answer(
                "/v1/tools/hq_gap/calls",
                "{\"ok\":false,\"error\":{\"code\":\"not_found\",\"message\":\"there is no gap x\"}}");
        assertThat(fleet.hq("gap", "triage", "x").exitCode()).isEqualTo(3);
    }

    @Test
    void shouldShowFiguresAndWhatCrossed() {
        fleet.answer("/v1/figures/operator", """
                {"since":"2026-11-21T09:00:00Z","figures":[
                 {"name":"task_completion_rate_30d","value":0.9,"unit":"ratio","source":"graph: tasks","goal":"> 0.85","holds":true},
                 {"name":"kb_ingest_freshness","value":0.0,"unit":"hours","source":"graph: articles","goal":"< 24.0","holds":null}],
                 "write_conflicts":[{"target":"n-1","title":"Aurora","calls":["a","b"],"actors":["chief","operator"],"at":"2026-11-22T01:00:00Z"}]}""");

        assertThat(fleet.hq("agent", "figures").out())
                .contains("task_completion_rate_30d", "0.9", "> 0.85", "yes")
                .contains("nothing to measure")
                .contains("changed by two tasks: Aurora (n-1)");
    }
}
