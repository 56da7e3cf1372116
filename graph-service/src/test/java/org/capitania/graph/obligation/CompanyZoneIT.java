package org.capitania.graph.obligation;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
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
}
