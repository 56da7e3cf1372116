package org.capitania.graph.obligation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.List;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.graph.DirectSql;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class CompanyZoneIT {
    private static final GraphApi COMPANY = new GraphApi("user:elsewhere", "other");

    @Test
    void shouldCountBusinessHoursInTheZoneOfTheOwnEntity() {
        // Given: no own entity, so the configured zone: Friday 16:00 and four hours is Monday 11:00 UTC
        assertThat(overdueAt("2030-03-29T16:00:00Z", 4)).isEqualTo("2030-04-01T11:00:00Z");
        String own = COMPANY.mutate("""
                        {"ops": [{"op": "create", "ref": "e", "type": "entity", "props": {"name": "Us", "relationship": "own", "timezone": "Europe/Lisbon"}}]}""").byRef("e").id();
        // Then: the clocks go forward on the Sunday between; Friday 16:00 WET and four hours is Monday 11:00 WEST
        assertThat(overdueAt("2030-03-29T16:00:00Z", 4)).isEqualTo("2030-04-01T10:00:00Z");
        // And back in October: Friday 17:00 WEST and two hours is Monday 10:00 WET
        assertThat(overdueAt("2030-10-25T16:00:00Z", 2)).isEqualTo("2030-10-28T10:00:00Z");
        // And where the company moves, what is written from then on.
        zone(own, "America/Sao_Paulo");
        assertThat(overdueAt("2030-03-29T16:00:00Z", 4)).isEqualTo("2030-03-29T20:00:00Z");
        // And a rule repeats by the company's wall clock: nine in Lisbon is nine in winter and in summer.
        zone(own, "Europe/Lisbon");
        String id = COMPANY.mutate("""
                        {"ops": [{"op": "create", "ref": "x", "type": "expectation", "props": {"kind": "recurring_obligation", "direction": "we_owe",
                                  "description_md": "Report", "rrule": "FREQ=WEEKLY", "due_at": "2030-03-25T09:00:00Z"}}]}""").byRef("x").id();
        assertThat(COMPANY.node(id).node().text("next_due_at")).isEqualTo("2030-04-01T08:00:00Z");
        COMPANY.mutate(
                "{\"ops\": [{\"op\": \"archive\", \"id\": \"%s\"}, {\"op\": \"archive\", \"id\": \"%s\"}]}", own, id);
        assertThat(overdueAt("2030-03-29T16:00:00Z", 4)).isEqualTo("2030-04-01T11:00:00Z");
    }

    @Test
    void shouldWorkOutAgainWhatIsOpenWhenTheCompanyMoves() throws SQLException {
        // Given: in Lisbon the clocks go forward on the Sunday after Friday, 29 March, and back on the one after 25
        // October
        String own = COMPANY.mutate("""
                        {"ops": [{"op": "create", "ref": "e", "type": "entity", "props": {"name": "Us", "relationship": "own", "timezone": "Europe/Lisbon"}}]}""").byRef("e").id();
        awaitZone("Europe/Lisbon");
        MutationResult made = COMPANY.mutate("""
                {"ops": [{"op": "create", "ref": "spring", "type": "turn_state", "status": "ours",
                          "props": {"last_turn_at": "2030-03-29T16:00:00Z", "turnaround_sla_hours": 4, "sla_calendar": "business_hours"}},
                         {"op": "create", "ref": "told", "type": "turn_state", "status": "ours",
                          "props": {"last_turn_at": "2020-03-27T16:00:00Z", "turnaround_sla_hours": 4, "sla_calendar": "business_hours"}},
                         {"op": "create", "ref": "theirs", "type": "turn_state", "status": "theirs", "props": {"last_turn_at": "2030-03-29T16:00:00Z"}},
                         {"op": "create", "ref": "hours", "type": "turn_state", "status": "ours",
                          "props": {"last_turn_at": "2030-03-29T16:00:00Z", "turnaround_sla_hours": 4, "sla_calendar": "hours"}},
                         {"op": "create", "ref": "autumn", "type": "expectation", "props": {"kind": "sla", "direction": "we_owe",
                          "asked_at": "2030-10-25T16:00:00Z", "sla_hours": 2, "sla_calendar": "business_hours"}},
                         {"op": "create", "ref": "given", "type": "expectation", "props": {"kind": "sla", "direction": "we_owe",
                          "asked_at": "2030-10-25T16:00:00Z", "sla_hours": 2, "sla_calendar": "business_hours", "due_at": "2030-10-28T12:00:00Z"}},
                         {"op": "create", "ref": "weekly", "type": "expectation", "props": {"kind": "recurring_obligation", "direction": "we_owe",
                          "rrule": "FREQ=WEEKLY", "recurs_from": "2030-03-01T09:00:00Z", "due_at": "2030-04-05T08:00:00Z"}},
                         {"op": "create", "ref": "late", "type": "expectation", "status": "overdue", "props": {"kind": "recurring_obligation",
                          "direction": "we_owe", "rrule": "FREQ=WEEKLY", "recurs_from": "2030-03-01T09:00:00Z", "due_at": "2030-04-05T08:00:00Z"}},
                         {"op": "create", "ref": "abroad", "type": "expectation", "props": {"kind": "recurring_obligation", "direction": "we_owe",
                          "rrule": "FREQ=WEEKLY", "recurs_from": "2030-03-01T09:00:00Z", "due_at": "2030-04-05T08:00:00Z", "timezone": "Europe/Lisbon"}},
                         {"op": "create", "ref": "done", "type": "expectation", "status": "resolved", "props": {"kind": "sla", "direction": "we_owe",
                          "asked_at": "2030-10-25T16:00:00Z", "sla_hours": 2, "sla_calendar": "business_hours"}}]}""");
        List<String> lisbon = List.of(
                "spring overdue_at 2030-04-01T10:00:00Z",
                "told overdue_at 2020-03-30T10:00:00Z",
                "hours overdue_at 2030-03-29T20:00:00Z",
                "autumn due_at 2030-10-28T10:00:00Z",
                "given due_at 2030-10-28T12:00:00Z",
                "weekly due_at 2030-04-05T08:00:00Z",
                "weekly next_due_at 2030-04-12T08:00:00Z",
                "late due_at 2030-04-05T08:00:00Z",
                "late next_due_at 2030-04-12T08:00:00Z",
                "abroad due_at 2030-04-05T08:00:00Z",
                "abroad next_due_at 2030-04-12T08:00:00Z",
                "done due_at 2030-10-28T10:00:00Z");
        assertThat(times(made, lisbon)).isEqualTo(lisbon);
        String told = await("what is due is told")
                .until(() -> timer(made.byRef("told").id(), "fired_at"), at -> !at.equals("null"));
        // When: to where the clocks never change, three hours behind
        zone(own, "America/Sao_Paulo");
        awaitZone("America/Sao_Paulo");
        // Then
        List<String> saoPaulo = List.of(
                "spring overdue_at 2030-03-29T20:00:00Z",
                "told overdue_at 2020-03-27T20:00:00Z",
                "hours overdue_at 2030-03-29T20:00:00Z",
                "autumn due_at 2030-10-25T18:00:00Z",
                "given due_at 2030-10-28T12:00:00Z",
                "weekly due_at 2030-04-05T09:00:00Z",
                "weekly next_due_at 2030-04-12T09:00:00Z",
                "late due_at 2030-04-05T09:00:00Z",
                "late next_due_at 2030-04-12T09:00:00Z",
                "abroad due_at 2030-04-05T08:00:00Z",
                "abroad next_due_at 2030-04-12T08:00:00Z",
                "done due_at 2030-10-28T10:00:00Z");
        assertThat(times(made, saoPaulo)).isEqualTo(saoPaulo);
        assertThat(timer(made.byRef("spring").id(), "due_at")).isEqualTo("2030-03-29T20:00:00Z");
        assertThat(timer(made.byRef("weekly").id(), "due_at")).isEqualTo("2030-04-05T09:00:00Z");
        assertThat(timer(made.byRef("told").id(), "due_at")).isEqualTo("2020-03-27T20:00:00Z");
        assertThat(timer(made.byRef("told").id(), "fired_at"))
                .as("it is not told twice")
                .isEqualTo(told);
        NodeView.Detail theirs = COMPANY.node(made.byRef("theirs").id());
        assertThat(theirs.node().version()).as("nothing of it is due").isOne();
        assertThat(COMPANY.node(made.byRef("given").id()).node().version())
                .as("what was given stays")
                .isOne();
        assertThat(COMPANY.history(made.byRef("spring").id()).items().getFirst().reason())
                .isEqualTo("the company works in another time zone");
        // And back: what it was, through the clock changes
        zone(own, "Europe/Lisbon");
        awaitZone("Europe/Lisbon");
        assertThat(times(made, lisbon)).isEqualTo(lisbon);
        COMPANY.mutate("{\"ops\": [{\"op\": \"archive\", \"id\": \"%s\"}]}", own);
    }

    @Test
    void shouldRefuseAZoneThatIsNone() {
        Response refused = COMPANY.post("""
                {"ops": [{"op": "create", "ref": "e", "type": "entity", "props": {"name": "Us", "timezone": "Europe/Lisboa"}}]}""");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("schema_violation");
        assertThat(refused.jsonPath().getString("errors[0].path")).isEqualTo("/ops/0/props/timezone");
        assertThat(refused.jsonPath().getString("errors[0].found")).isEqualTo("Europe/Lisboa");
    }

    private static void zone(String own, String zone) {
        COMPANY.mutate(
                "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"timezone\": \"%s\"}}]}", own, zone);
    }

    private static String overdueAt(String asked, int hours) {
        String id = COMPANY.mutate("""
                        {"ops": [{"op": "create", "ref": "t", "type": "turn_state", "status": "ours",
                                  "props": {"last_turn_at": "%s", "turnaround_sla_hours": %d, "sla_calendar": "business_hours"}}]}""", asked, hours).byRef("t").id();
        return String.valueOf(COMPANY.node(id).node().text("overdue_at"));
    }

    /** What the nodes say now of the times named in a list of "ref prop time". */
    private static List<String> times(MutationResult made, List<String> like) {
        return like.stream()
                .map(line -> line.split(" ", 3))
                .map(line -> line[0] + " " + line[1] + " "
                        + COMPANY.node(made.byRef(line[0]).id()).node().text(line[1]))
                .toList();
    }

    private static String timer(String node, String column) throws SQLException {
        try (DirectSql sql = DirectSql.as("graph", "other")) {
            return String.valueOf(sql.query(
                    "SELECT to_char(" + column
                            + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM timers WHERE node_id = ?::uuid",
                    node));
        }
    }

    private static void awaitZone(String zone) {
        await("due times in " + zone).untilAsserted(() -> {
            try (DirectSql sql = DirectSql.as("graph", "other")) {
                assertThat(sql.rows("SELECT zone FROM due_zones WHERE target IS NULL"))
                        .isEqualTo(List.of(List.of(zone)));
            }
        });
    }
}
