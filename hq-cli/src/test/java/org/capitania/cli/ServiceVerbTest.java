package org.capitania.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The verbs that ask a service by its own address. */
class ServiceVerbTest {
    private static final String ID = ProposalVerbTest.ID;
    private static final String PROPOSAL = ProposalVerbTest.PROPOSAL;

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

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

        fleet.answer("/v1/budgets/chief", budget.formatted("150", ""));
        assertThat(fleet.hq("budget", "raise", "chief", "15").out()).contains("7.00 of 7.00");
        assertThat(fleet.last().path()).isEqualTo("/v1/budgets/chief");
        assertThat(fleet.last().body()).contains("\"daily_usd\":15");
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
    void shouldListShowAndDefineTypes() throws IOException {
        fleet.answer("/v1/types", """
                {"nodes":[{"name":"vessel","title":"Vessel","description":"It floats.","schema":{"x-own":true}}],"edges":[]}""");
        Path file = Files.writeString(
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
    void shouldIssueATokenForAPrincipalOfThisMachineOnly() {
        fleet.answer("/v1/token-issues", "{\"jti\":\"x\",\"audit_event_id\":\"token:x\"}");

        Result token = fleet.hq("token", "agent:chief", "--ttl", "10m", "--audience", "tool-registry", "--json");

        assertThat(token.exitCode()).isZero();
        assertThat(token.json().path("audit_event_id").asText()).isEqualTo("token:x");
        String claims = new String(
                Base64.getUrlDecoder()
                        .decode(token.json().at("/data/token").asText().split("\\.")[1]),
                StandardCharsets.UTF_8);
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
