package org.capitania.watchdog.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.BeatView;
import org.capitania.contract.event.AgentIncident;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.capitania.watchdog.QuickChecks;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A running watchdog with a real store and broker; the test plays the supervisor's clock and the memos in the graph. */
@QuarkusTest
@QuarkusTestResource(
        value = FleetInfra.class,
        initArgs = {@ResourceArg(name = "service", value = "watchdog"), @ResourceArg(name = "peers", value = "fake")})
@QuarkusTestResource(QuickChecks.class)
class BriefDeliveredIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ZoneId LISBON = ZoneId.of("Europe/Lisbon");

    @Inject
    BriefDelivered check;

    private final AtomicReference<BeatView> beat = new AtomicReference<>();
    private final List<Instant> delivered = new ArrayList<>();
    private FakePeers peers;
    private EventTail events;

    @BeforeEach
    void begin() {
        sql("DELETE FROM watch.interventions; DELETE FROM watch.incidents; DELETE FROM watch.observations");
        peers = FakePeers.listen()
                .on("POST", "/v1/heartbeats", request -> Map.of())
                .on(Service.GRAPH_SERVICE, "GET", "/v1/nodes", request -> memos(request.query()));
        events = EventTail.fromNow("hq.agent_incident");
    }

    @AfterEach
    void end() {
        events.close();
        peers.close();
    }

    @Test
    void shouldOpenOneIncidentWhenTheDayWasMissedAndCloseItWhenItIsDeliveredLate() {
        Instant due = ago(Duration.ofMinutes(31));
        clock(due, due.plus(1, ChronoUnit.DAYS));

        String day = day(due);
        await().atMost(PATIENCE).until(() -> incidents("open").equals(List.of("brief:" + day)));
        assertThat(check.look("main"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.detail())
                        .contains("brief of " + day, "Europe/Lisbon")
                        .contains(due.plusSeconds(1800)
                                .atZone(LISBON)
                                .toLocalTime()
                                .toString()));
        await().atMost(PATIENCE).until(() -> rounds() > 5);
        assertThat(told()).as("however often it is looked at").hasSize(1);

        deliver(Instant.now());

        await().atMost(PATIENCE).until(() -> incidents("cleared").equals(List.of("brief:" + day)));
        assertThat(incidents("open")).isEmpty();
        assertThat(told()).hasSize(1);
    }

    @Test
    void shouldFindNothingWhenItWasDeliveredOrIsNotDueYet() {
        Instant due = ago(Duration.ofHours(3));
        deliver(due.plusSeconds(240));
        clock(due, due.plus(1, ChronoUnit.DAYS));
        assertThat(check.look("main")).isEmpty();

        clock(null, ago(Duration.ofMinutes(29)));
        assertThat(check.look("main")).as("until half past").isEmpty();

        clock(null, null);
        assertThat(check.look("main")).as("the beat is off").isEmpty();
    }

    @Test
    void shouldCountTheBriefOfTheDayBeforeForThatDayAlone() {
        Instant due = ago(Duration.ofHours(1));
        deliver(due.minus(1, ChronoUnit.DAYS));
        clock(due, due.plus(1, ChronoUnit.DAYS));

        assertThat(check.look("main")).extracting(Finding::subject).containsExactly("brief:" + day(due));
    }

    @Test
    void shouldKeepAMissedDayOpenWhileTheNextIsNotDueAndCloseItWithALaterBrief() {
        Instant today = ago(Duration.ofMinutes(10));
        Instant yesterday = today.atZone(LISBON).minusDays(1).toInstant();
        open(day(yesterday));
        clock(today, today.atZone(LISBON).plusDays(1).toInstant());

        assertThat(check.look("main")).extracting(Finding::subject).containsExactly("brief:" + day(yesterday));

        deliver(today.plusSeconds(60));
        assertThat(check.look("main")).isEmpty();
    }

    @Test
    void shouldGoByWhatItWasToldLastWhenTheSupervisorIsAwayAcrossTheTime() {
        Instant next = ago(Duration.ofMinutes(40));
        clock(next.minus(1, ChronoUnit.DAYS), next);
        deliver(next.minus(1, ChronoUnit.DAYS).plusSeconds(60));
        assertThat(check.look("main")).extracting(Finding::subject).containsExactly("brief:" + day(next));

        peers.on(Service.SUPERVISOR, "GET", "/v1/beats", request -> {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "restarting");
        });

        assertThat(check.look("main")).extracting(Finding::subject).containsExactly("brief:" + day(next));
    }

    private void clock(@Nullable Instant last, @Nullable Instant next) {
        beat.set(new BeatView(
                "chief_brief", "chief", "The brief.", "0 7 * * *", LISBON.getId(), "once", next, last, last));
        peers.on(Service.SUPERVISOR, "GET", "/v1/beats", request -> new BeatView.Page(List.of(beat.get())));
    }

    private synchronized void deliver(Instant at) {
        delivered.add(at);
    }

    /** The final briefs, and where the company is. */
    private synchronized ObjectNode memos(String query) {
        ObjectNode page = Json.MAPPER.createObjectNode();
        ArrayNode items = page.putArray("items");
        if (query.contains("external_source=brief") && query.contains("status=final")) {
            delivered.forEach(at -> items.addObject().putObject("props").put("period_end", at.toString()));
        } else if (query.contains("type=entity")) {
            items.addObject().putObject("props").put("timezone", LISBON.getId());
        }
        return page;
    }

    private static Instant ago(Duration time) {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(time);
    }

    private static String day(Instant due) {
        return due.atZone(LISBON).toLocalDate().toString();
    }

    private static void open(String day) {
        sql("""
            INSERT INTO watch.incidents (tenant_id, incident_id, check_name, subject, lasting, tier, detail)
            VALUES ('main', gen_random_uuid(), 'brief_delivered', 'brief:%s', true, 'medium', 'missed')
            """.formatted(day));
    }

    private List<AgentIncident> told() {
        return events.ofType(AgentIncident.TYPE).stream()
                .filter(event -> event.tenant().equals("main"))
                .map(event -> event.as(AgentIncident.class))
                .filter(incident -> incident.check().equals("brief_delivered"))
                .toList();
    }

    private static List<String> incidents(String state) {
        return strings(
                "SELECT subject FROM watch.incidents WHERE tenant_id = 'main' AND check_name = 'brief_delivered' AND state = '"
                        + state + "' ORDER BY subject");
    }

    private static int rounds() {
        return strings(
                        "SELECT seen::text FROM watch.incidents WHERE tenant_id = 'main' AND check_name = 'brief_delivered'")
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    private static List<String> strings(String query) {
        try (Connection connection = TestPostgres.shared().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sql(String statement) {
        try (Connection connection = TestPostgres.shared().connect();
                Statement execute = connection.createStatement()) {
            execute.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
