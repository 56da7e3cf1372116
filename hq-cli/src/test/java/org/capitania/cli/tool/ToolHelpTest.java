package org.capitania.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.capitania.cli.home.FleetRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ToolHelpTest {
    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @Test
    void shouldNameTheActionsOfAToolWhenItsHelpIsAsked() {
        fleet.answer("/v1/tools", """
                {"tools":[{"name":"hq_task","actions":[{"name":"list","description":"Lists tasks."},
                            {"name":"set_aside","description":"Puts one away.","owner_only":true,"not_yet":"It comes later."}],
                           "input_schema":{"properties":{"action":{"enum":["list","set_aside"]},
                           "due_at":{"type":"string","description":"When it is due."}}}},
                          {"name":"hq_tools","actions":[{"name":"ask","description":"Ask for one."}],"input_schema":{}},
                          {"name":"hq_examples_find","description":"Finds work. Good.","input_schema":{}},
                          {"name":"email_send","description":"Sends a mail. Once.","input_schema":{"properties":{"to":{}}}}]}""");

        assertThat(fleet.hq("task", "--help").out())
                .containsSubsequence(
                        "Actions:",
                        "  list",
                        "Lists tasks.\n",
                        "  set-aside",
                        "Only the owner. Not yet: It comes later.\n",
                        "--due-at",
                        "When it is due.")
                .doesNotContain("Ask for one");
        assertThat(fleet.hq("examples", "--help").out()).containsPattern("  find +Finds work\\.\n");
        assertThat(fleet.hq("email", "--help").out()).containsPattern("  send +Sends a mail\\.\n");
        FleetRecord.delete(fleet.home());
        Result alone = fleet.hq("task", "--help");
        assertThat(alone.exitCode()).isZero();
        assertThat(alone.out()).contains("running fleet");
    }

    @Test
    void shouldTakeAVerbOfTheCatalogueWhenItsNounHasVerbsOfItsOwn() {
        fleet.answer("/v1/tools", """
                {"tools":[{"name":"hq_tools","actions":[{"name":"revoke","requires":["agent","tool"]}],"input_schema":
                  {"required":["action"],"properties":{"action":{"enum":["revoke"]},"agent":{"type":"string"},"tool":{"type":"string"}}}}]}""");
        fleet.answer("/v1/tools/hq_tools/calls", "{\"ok\":true,\"action\":\"revoke\",\"data\":{\"revoked\":1}}");

        Result result = fleet.hq("tools", "revoke", "chief", "hq_memory");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(fleet.last().body()).contains("\"agent\":\"chief\"", "\"tool\":\"hq_memory\"");
    }
}
