package org.capitania.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.capitania.cli.CannedFleet.Result;
import org.capitania.cli.home.FleetRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerbTest {
    private static final String ID = ProposalVerbTest.ID;
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
    void shouldSayWhatIsNotAvailableYet() {
        fleet.answer("/v1/tools", "{\"tools\":[]}");

        Result result = fleet.hq("proposal", "propose", "x", "--json");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.json().at("/error/code").asText()).isEqualTo("not_available_yet");
    }

    @Test
    void shouldShowWhatIsMissingForPeople() {
        fleet.answer("/v1/gaps", """
                        {"items":[{"name":"gap_billing","description":"Nothing was invoiced.","agent":"operator","count":2,"worst_severity":"blocker","oldest":"2026-02-27T12:00:00Z","oldest_age_seconds":172800},
                                  {"name":"gap_stale_proposals","description":"Nothing has happened.","agent":"chief","count":0}],"at":"2026-03-01T12:00:00Z"}""").answer("/v1/gaps/gap_billing", """
                        {"name":"gap_billing","description":"Nothing was invoiced.","agent":"operator","next":"3~x~y",
                         "items":[{"severity":"blocker","since":"2026-02-27T12:00:00Z","age_seconds":172800,"node_ids":["g-1"],"type":"engagement","slug":"engagement-site","sentence":"Not invoiced.","tainted":false}]}""");

        Result list = fleet.hq("gap", "list");
        Result show = fleet.hq("gap", "show", "gap_billing", "--limit", "1");

        assertThat(list.exitCode()).isZero();
        assertThat(list.out()).contains("gap_billing", "blocker", "2 d ago").doesNotContain("gap_stale_proposals");
        assertThat(fleet.hq("gap", "list", "--all").out()).contains("gap_stale_proposals");
        assertThat(show.out()).contains("engagement-site", "Not invoiced.", "more: --after 3~x~y");
        assertThat(fleet.last().path()).isEqualTo("/v1/gaps");
        assertThat(fleet.hq("gap", "show", "gap_billing", "--json")
                        .json()
                        .at("/data/items/0/slug")
                        .asText())
                .isEqualTo("engagement-site");
    }

    @Test
    void shouldShowBeatsAndLetOneFire() {
        fleet.answer("/v1/beats", """
                {"items":[{"name":"chief_brief","role":"chief","description":"The brief.","cron":"0 7 * * *","zone":"Europe/Lisbon","missed":"once"}]}""").answer("/v1/beats/chief_brief/run", 204, "");

        assertThat(fleet.hq("beat", "list").out()).contains("chief_brief", "0 7 * * *", "Europe/Lisbon", "never");
        assertThat(fleet.hq("beat", "run", "chief_brief").out()).contains("chief_brief has fired");
        assertThat(fleet.last().path()).isEqualTo("/v1/beats/chief_brief/run");
    }

    @Test
    void shouldShowWhatAgentsMaySpendAndLetTheOwnerSetIt() {
        String budget = """
                {"month":{"taken_usd":1.234,"cap_usd":%s,"ends":"2026-12-01T00:00:00Z"},"demote":true,"breaker":false%s,
                 "agents":[{"role":"chief","hold":{"code":"budget_exhausted","reason":"all is spent"},
                            "day":{"taken_usd":7,"cap_usd":7.00,"ends":"2026-11-23T00:00:00Z"}}]}""";
        fleet.answer("/v1/budgets", budget.formatted("200", ""));

        assertThat(fleet.hq("budget", "show").out())
                .contains(
                        "1.23 of 200.00 USD", "the default", "smaller models", "chief", "7.00 of 7.00", "all is spent");

        fleet.answer(
                "/v1/budgets",
                budget.formatted("150", ",\"set_by\":\"user:owner\",\"set_at\":\"2026-11-22T08:00:00Z\""));
        assertThat(fleet.hq("budget", "set", "150").out()).contains("of 150.00 USD", "set by user:owner");
        assertThat(fleet.last().body()).contains("\"monthly_usd\":150");
        assertThat(fleet.hq("budget", "set", "much").exitCode()).isEqualTo(1);
    }

    @Test
    void shouldExitTwoWhenTheStoreDiffersFromItsEvents() {
        fleet.answer("/v1/rebuild/check", """
                {"nodes":3,"edges":1,"differences":1,"examples":[{"kind":"node","id":"%s","live":2,"replayed":1}]}""".formatted(ID));

        Result differs = fleet.hq("state", "rebuild", "--check", "--json");
        fleet.answer("/v1/rebuild/check", "{\"nodes\":3,\"edges\":1,\"differences\":0,\"examples\":[]}");
        Result same = fleet.hq("state", "rebuild", "--check");

        assertThat(differs.exitCode()).isEqualTo(2);
        assertThat(differs.json().at("/data/differences").asInt()).isEqualTo(1);
        assertThat(same.exitCode()).isZero();
        assertThat(same.out()).contains("3 nodes and 1 edges replayed, 0 differences");
        assertThat(fleet.hq("state", "rebuild").exitCode()).isEqualTo(1);
    }

    @Test
    void shouldListShowAndDefineTypes() throws java.io.IOException {
        fleet.answer("/v1/types", """
                {"nodes":[{"name":"vessel","title":"Vessel","description":"It floats.","schema":{"x-own":true}}],"edges":[]}""");
        java.nio.file.Path file = java.nio.file.Files.writeString(
                fleet.home().directory().resolve("vessel.json"),
                "{\"kind\":\"node\",\"name\":\"vessel\",\"schema\":{}}");

        assertThat(fleet.hq("types").out()).contains("node  vessel  own  It floats.");
        assertThat(fleet.hq("types", "vessel", "--json")
                        .json()
                        .at("/data/0/name")
                        .asText())
                .isEqualTo("vessel");
        assertThat(fleet.hq("types", "nope").exitCode()).isEqualTo(3);
        assertThat(fleet.hq("types", "--add", file.toString()).exitCode()).isZero();
        assertThat(fleet.last().method()).isEqualTo("POST");
        assertThat(fleet.last().body()).contains("vessel");
        assertThat(fleet.hq("types", "--add", "nowhere.json").exitCode()).isEqualTo(1);
    }

    @Test
    void shouldAskForTheEventsOfATimeWhenTheyAreToBeReplayed() {
        fleet.answer("/v1/events/replays", "{\"events\":4}");

        Result result = fleet.hq("events", "replay", "hq.email", "--since", "2026-01-01T00:00:00Z");

        assertThat(result.out()).contains("4 events");
        assertThat(fleet.last().body()).isEqualTo("{\"topics\":[\"hq.email\"],\"since\":\"2026-01-01T00:00:00Z\"}");
        assertThat(fleet.hq("events", "replay").exitCode()).isEqualTo(1);
        assertThat(fleet.hq("events", "replay", "--help").out().replaceAll("\\s+", " "))
                .contains("seven", "hq.graph.nodes", "beginning of history");
    }

    @Test
    void shouldStoreGoodMailAndTellOfTheBadOne() throws IOException {
        Path mail = Files.writeString(fleet.directory().resolve("good.eml"), "From: ana@example.org\n\nhi");
        fleet.answer("/v1/emails", "{\"id\":\"i\",\"slug\":\"mail-i\",\"conversation\":\"c\",\"duplicate\":false}");

        Result result = fleet.hq(
                "ingest",
                "email",
                mail.toString(),
                fleet.directory().resolve("absent.eml").toString(),
                "--json");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.json().path("data").size()).isEqualTo(1);
        assertThat(result.json().at("/data/0/slug").asText()).isEqualTo("mail-i");
        assertThat(result.json().path("ok").asBoolean()).isFalse();
        assertThat(result.err()).contains("absent.eml");
        assertThat(fleet.last().headers()).containsEntry("content-type", "message/rfc822");
    }

    @Test
    void shouldFindATaskByTheProposalItLedTo() {
        fleet.answer("/v1/actions", "{\"actions\":[]}")
                .answer(
                        "/v1/actions?task_id=task-1",
                        "{\"task_id\":\"task-1\",\"agent\":\"agent:chief\",\"model\":\"rehearsal\",\"actions\":[{\"id\":\"a\",\"tool\":\"email_thread_read\",\"status\":\"done\",\"input\":{},\"cost_usd\":0,\"duration_ms\":12}]}")
                .answer("/v1/proposals", "{\"items\":[" + PROPOSAL + "]}");

        Result result = fleet.hq("trace", "show", "0000beef");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("agent:chief", "task-1", "email_thread_read", "12 ms");
        assertThat(fleet.hq("trace", "show", "nothing").exitCode()).isEqualTo(3);
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

    @Test
    void shouldIssueATokenForAPrincipalOfThisMachineOnly() {
        fleet.answer("/v1/token-issues", "{\"jti\":\"x\",\"audit_event_id\":\"token:x\"}");

        Result token = fleet.hq("token", "agent:chief", "--ttl", "10m", "--audience", "tool-registry", "--json");

        assertThat(token.exitCode()).isZero();
        assertThat(token.json().path("audit_event_id").asText()).isEqualTo("token:x");
        String claims = new String(
                java.util.Base64.getUrlDecoder()
                        .decode(token.json().at("/data/token").asText().split("\\.")[1]),
                java.nio.charset.StandardCharsets.UTF_8);
        JsonNode noted = fleet.last().json();
        assertThat(noted.path("principal").asText()).isEqualTo("agent:chief");
        assertThat(noted.path("expires_at").asText()).isEqualTo("2026-03-01T12:10:00Z");
        assertThat(claims).contains("\"jti\":\"" + noted.path("jti").asText() + "\"");
        assertThat(fleet.last().body())
                .doesNotContain(token.json().at("/data/token").asText());
        assertThat(token.json().at("/data/token").asText()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
        assertThat(token.json().at("/data/expires_at").asText()).isEqualTo("2026-03-01T12:10:00Z");
        assertThat(fleet.last().path()).isEqualTo("/v1/token-issues");
        assertThat(noted.path("jti").asText()).hasSize(36);
        assertThat(fleet.hq("token", "client:claude-code").exitCode()).isZero();
        assertThat(fleet.last().json().path("principal").asText()).isEqualTo("client:claude-code");
        assertThat(fleet.hq("token", "client:../owner").exitCode()).isEqualTo(1);
        assertThat(fleet.hq("token", "agent:nobody").exitCode()).isEqualTo(3);
        assertThat(fleet.hq("token", "agent:chief", "--ttl", "2h").exitCode()).isEqualTo(1);
        assertThat(fleet.hq("token", "agent:chief", "--audience", "the-moon").exitCode())
                .isEqualTo(1);
    }

    @Test
    void shouldIssueNoTokenWhenTheLedgerHasNoRowOfIt() {
        fleet.answer("/v1/token-issues", 503, "{\"status\":503,\"code\":\"peer_unavailable\",\"detail\":\"no store\"}");

        Result token = fleet.hq("token", "agent:chief", "--json");

        assertThat(token.exitCode()).isEqualTo(2);
        assertThat(token.json().path("data").isNull()).isTrue();
        assertThat(token.out() + token.err()).doesNotContain("eyJ");
    }

    @Test
    void shouldWaitForAnAnswerWhenAnAgentIsAsked() {
        fleet.answer(
                "/v1/messages",
                "{\"message_id\":\"m\",\"reply\":\"It ships on Friday.\",\"from\":\"agent:operator\",\"tainted\":false}");

        Result result = fleet.hq("agent", "ask", "operator", "when", "does", "it", "ship?", "--timeout", "5s");

        assertThat(result.out()).isEqualTo("It ships on Friday.\n");
        assertThat(fleet.last().json().path("text").asText()).isEqualTo("when does it ship?");
        assertThat(fleet.last().json().path("kind").asText()).isEqualTo("ask");
        assertThat(fleet.last().json().path("timeout_ms").asLong()).isEqualTo(5000);
    }
}
