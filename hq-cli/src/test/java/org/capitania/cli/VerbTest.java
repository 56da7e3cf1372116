package org.capitania.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.capitania.cli.CannedFleet.Result;
import org.capitania.cli.home.FleetRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerbTest {
    private static final String PROPOSAL = ProposalVerbTest.PROPOSAL;

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    @Test
    void shouldPrintOneEnvelopeWithAllMembersWhenJsonIsAsked() {
        fleet.answer("/v1/proposals", "{\"items\":[" + PROPOSAL + "]}");

        Result result = fleet.hq("proposal", "list", "--json");

        assertThat(result.exitCode()).isZero();
        assertThat(result.json().properties().stream().map(Map.Entry::getKey))
                .containsExactly("ok", "action", "data", "audit_event_id", "trace_id", "error");
        assertThat(result.json().path("ok").asBoolean()).isTrue();
        assertThat(result.json().path("error").isNull()).isTrue();
        assertThat(result.json().at("/data/items/0/task_id").asText()).isEqualTo("task-1");
        assertThat(fleet.last().headers().get("traceparent"))
                .contains(result.json().path("trace_id").asText());
    }

    @Test
    void shouldPrintAlignedTextForPeople() {
        fleet.answer("/v1/proposals", "{\"items\":[" + PROPOSAL + "]}");

        Result result = fleet.hq("proposal", "list");

        assertThat(result.out().lines().toList())
                .satisfiesExactly(
                        head -> assertThat(head).startsWith("ID        STATUS   RISK"),
                        row -> assertThat(row)
                                .startsWith("0000beef  pending  outbound  chief")
                                .contains("3 min ago")
                                .endsWith("Answer Ana: Re: Order 12"));
        assertThat(result.err()).isEmpty();
    }

    @Test
    void shouldSignEveryCallAndPassReasonAndTenant() {
        fleet.answer("/v1/proposals", "{\"items\":[]}");

        fleet.hq("proposal", "list", "--reason", "não há cartão", "--tenant", "main");

        assertThat(fleet.last().headers().get("authorization")).matches("Bearer [\\w-]+\\.[\\w-]+\\.[\\w-]+");
        assertThat(fleet.last().headers())
                .containsEntry("x-hq-tenant", "main")
                .containsEntry("x-hq-reason", "UTF-8''n%C3%A3o%20h%C3%A1%20cart%C3%A3o");
    }

    @Test
    void shouldKeepBothNamesWhenTheOwnerActsForAnother() {
        fleet.answer("/v1/proposals", "{\"items\":[]}");

        fleet.hq("--actor", "user:ana", "proposal", "list");
        Result wrong = fleet.hq("proposal", "list", "--actor", "agent:chief");

        String claims = fleet.last().headers().get("authorization").split("\\.")[1];
        assertThat(new String(java.util.Base64.getUrlDecoder().decode(claims), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"sub\":\"user:owner\"", "\"obo\":\"user:ana\"", "\"aud\":\"approval-service\"");
        assertThat(wrong.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "404,not_found,3",
        "422,schema_violation,1",
        "409,proposal_changed,1",
        "403,denied,1",
        "501,not_available_yet,1",
        "503,peer_unavailable,2",
        "500,internal,2",
        "504,peer_timeout,2",
        "418,a_code_of_a_later_version,1",
        "507,a_code_of_a_later_version,2"
    })
    void shouldExitByTheFaultsOwner(int status, String code, int exitCode) {
        fleet.answer(
                "/v1/nodes/x",
                status,
                "{\"status\":%d,\"code\":\"%s\",\"detail\":\"what was wrong\",\"hint\":\"what to do\"}"
                        .formatted(status, code));

        Result text = fleet.hq("describe", "x");
        Result json = fleet.hq("describe", "x", "--json");

        assertThat(text.exitCode()).isEqualTo(exitCode);
        assertThat(text.out()).isEmpty();
        assertThat(text.err()).contains("what was wrong", "what to do");
        assertThat(json.exitCode()).isEqualTo(exitCode);
        assertThat(json.json().at("/error/code").asText()).isEqualTo(code);
        assertThat(json.json().path("ok").asBoolean()).isFalse();
        assertThat(json.err()).contains("what was wrong");
    }

    @Test
    void shouldNameEachWrongFieldOfARefusedInput() {
        fleet.answer("/v1/search", 422, """
                {"status":422,"code":"schema_violation","detail":"the search is refused","errors":
                 [{"path":"/limit","found":"999","allowed":"1 to 50","message":"limit is 999, allowed is 1 to 50"}]}""");

        Result result = fleet.hq("search", "x", "--limit", "999");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("/limit: limit is 999, allowed is 1 to 50");
    }

    @Test
    void shouldSayInOneLineThatTheFleetIsNotRunning() {
        FleetRecord.delete(fleet.home());

        Result result = fleet.hq("proposal", "list");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("hq: the fleet is not running: start it with hq up\n");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void shouldSayOfWhichStoppedAgentItIsThatItStartsByItself() {
        fleet.answer("/v1/agents", """
                [{"role": "chief", "state": "stopped", "queued": 0, "resting_since": "2026-11-22T10:00:00Z"},
                 {"role": "operator", "state": "stopped", "queued": 0}]""");

        assertThat(fleet.hq("agent", "status").out().lines())
                .filteredOn(line -> line.contains("starts when there is something to do"))
                .singleElement()
                .asString()
                .startsWith("chief");
    }

    @Test
    void shouldBlameTheSystemWhenAServiceDoesNotAnswer() {
        fleet.close();

        Result result = fleet.hq("agent", "status", "--json");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.json().at("/error/code").asText()).isEqualTo("service_unavailable");
        assertThat(result.err()).contains("supervisor does not answer on 127.0.0.1:");
    }

    @Test
    void shouldBlameTheCallerForAWordItDoesNotKnow() {
        assertThat(fleet.hq("proposal", "lst").exitCode()).isEqualTo(1);
        assertThat(fleet.hq("proposal", "lst").err()).contains("list");
        assertThat(fleet.hq("proposal").exitCode()).isEqualTo(1);
        assertThat(fleet.hq().exitCode()).isEqualTo(1);
        assertThat(fleet.hq("proposal", "list", "--status", "lost").exitCode()).isEqualTo(1);
    }

    @Test
    void shouldCallAToolOfTheCatalogueAsAVerb() {
        fleet.answer("/v1/tools", """
                        {"tools":[{"name":"hq_task","input_schema":{"type":"object","required":["action"],"properties":
                         {"action":{"type":"string"},"title":{"type":"string"},"limit":{"type":"integer"},"tags":{"type":"array"}}}}]}""")
                .answer(
                        "/v1/tools/hq_task/calls",
                        "{\"ok\":true,\"status\":\"done\",\"action\":\"task.create\",\"data\":{\"id\":\"t-1\"},\"audit_event_id\":\"e-1\",\"trace_id\":\"t\"}");

        Result result =
                fleet.hq("task", "create", "--title", "Call Ana", "--limit=3", "--tags", "a", "--tags", "b", "--json");

        assertThat(result.exitCode()).isZero();
        assertThat(fleet.last().json().path("arguments").toString())
                .isEqualTo("{\"title\":\"Call Ana\",\"limit\":3,\"tags\":[\"a\",\"b\"],\"action\":\"create\"}");
        assertThat(result.json().path("action").asText()).isEqualTo("task.create");
        assertThat(result.json().path("audit_event_id").asText()).isEqualTo("e-1");
    }

    @Test
    void shouldRefuseWhatAToolRefuses() {
        fleet.answer(
                        "/v1/tools",
                        "{\"tools\":[{\"name\":\"hq_task\",\"input_schema\":{\"properties\":{\"action\":{\"type\":\"string\"}}}}]}")
                .answer(
                        "/v1/tools/hq_task/calls",
                        "{\"ok\":false,\"status\":\"refused\",\"error\":{\"code\":\"not_found\",\"message\":\"no such task\",\"errors\":[]}}");

        assertThat(fleet.hq("task", "close").exitCode()).isEqualTo(3);
        assertThat(fleet.hq("task", "close", "--colour", "red").exitCode()).isEqualTo(1);
    }

    @Test
    void shouldTellAnUnknownWordFromAToolWhenNothingRuns() {
        FleetRecord.delete(fleet.home());

        assertThat(fleet.hq("frobnicate").exitCode()).isEqualTo(1);
        assertThat(fleet.hq("frobnicate").err()).contains("hq knows no frobnicate");
        assertThat(fleet.hq("task", "list").exitCode()).isEqualTo(2);
    }
}
