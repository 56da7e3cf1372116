package org.capitania.registry.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.LedgerAction;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.ledger.LedgerVerifier.Verdict;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.Events;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every call reaches the chained ledger, and nobody can change it unseen. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class LedgerIT {
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");
    private static final List<String> APPEND_ONLY =
            List.of("agent_actions", "llm_calls", "frozen_calls", "frozen_revisions", "run_taint", "token_issues");

    @Inject
    Sql sql;

    @Inject
    LedgerVerifier verifier;

    @Inject
    LedgerStore store;

    private FakePeers peers;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        new FakeGraph(peers);
        Fleet.curate("operator", "hq_search", "hq_event_log", "hq_task");
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldHoldEveryCallWhenItHasEnded() {
        // Given
        Fleet.Run run = Fleet.wake("operator");
        // When
        run.call("hq_search", Map.of("query", "bakery"));
        run.call("hq_event_log", Map.of("kind", "action", "title", "Did it"));
        run.call("hq_nothing", Map.of());
        // Then
        await().until(() -> count("task_id = '" + run.taskId() + "'") == 3);
        Verdict verdict = verifier.verify(SCOPE, LedgerTable.AGENT_ACTIONS);
        assertThat(verdict.holds()).as("%s", verdict).isTrue();
        assertThat(verdict.entries()).isGreaterThanOrEqualTo(3);
        Fleet.as("agent:operator").get("/v1/actions").then().statusCode(403);
        JsonNode trace = Json.read(
                Fleet.as("user:owner")
                        .queryParam("task_id", run.taskId())
                        .get("/v1/actions")
                        .asString(),
                JsonNode.class);
        assertThat(trace.path("actions").findValuesAsText("tool"))
                .containsExactly("hq_search", "hq_event_log", "hq_nothing");
        assertThat(trace.path("agent").asText()).isEqualTo("agent:operator");
    }

    @Test
    void shouldAppendOnceWhenAnEventIsDeliveredAgain() {
        // Given
        Fleet.Run run = Fleet.wake("operator");
        ToolResult result = run.call("hq_search", Map.of("query", "again"));
        await().until(() -> count("task_id = '" + run.taskId() + "'") == 1);
        String call = run.sessionId() + ":1:0";
        Map<String, Object> body = Map.of(
                "call_id",
                call,
                "actor",
                "agent:operator",
                "tool",
                "hq_search",
                "status",
                "done",
                "cost_usd",
                0,
                "at",
                "2026-11-20T10:00:00Z",
                "task_id",
                run.taskId());
        // When: the same step under another event id, as after a reconciliation
        Events.publish("ledger.action", call, body);
        Fleet.Run later = Fleet.wake("operator");
        later.call("hq_search", Map.of("query", "later"));
        await().until(() -> count("task_id = '" + later.taskId() + "'") == 1);
        // Then
        assertThat(result.ok()).isTrue();
        assertThat(count("task_id = '" + run.taskId() + "'")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE agent_actions SET body = jsonb_set(body, '{status}', '\"done!\"') WHERE seq = %d",
                "UPDATE agent_actions SET event_id = 'another' WHERE seq = %d",
                "UPDATE agent_actions SET recorded_at = '2020-01-01T00:00:00Z' WHERE seq = %d",
                "UPDATE agent_actions SET prev_hash = hash WHERE seq = %d",
                "UPDATE agent_actions SET hash = prev_hash WHERE seq = %d",
                // removed from the middle
                "DELETE FROM agent_actions WHERE seq = %d",
                // swapped with the next one
                "UPDATE agent_actions SET seq = -seq WHERE seq IN (%1$d, %1$d + 1);"
                        + "UPDATE agent_actions SET seq = 2 * %1$d + 1 + seq WHERE seq < 0",
                // the end cut off
                "DELETE FROM agent_actions WHERE seq >= %d",
                // moved away so that the numbers are without a gap
                "DELETE FROM agent_actions WHERE seq = %1$d; UPDATE agent_actions SET seq = seq - 1 WHERE seq = %1$d + 1"
            })
    void shouldFindTheEntryWhenSomebodyTamperedWithIt(String tampering) throws SQLException {
        // Given
        long seq = second(threeCalls());
        try (Tampering ledger = new Tampering()) {
            // When
            ledger.with(tampering.formatted(seq));
            // Then
            Verdict verdict = verifier.verify(SCOPE, LedgerTable.AGENT_ACTIONS);
            assertThat(verdict.brokenAt()).as("%s", verdict).isEqualTo(seq);
            Fleet.as("user:owner")
                    .get("/v1/ledger/verify")
                    .then()
                    .statusCode(200)
                    .body("find{it.table=='agent_actions'}.broken_at", equalTo((int) seq));
        }
        assertThat(verifier.verify(SCOPE, LedgerTable.AGENT_ACTIONS).holds())
                .as("put back")
                .isTrue();
    }

    @Test
    void shouldFindTheEntryWhenItsHashWasMadeToFit() throws SQLException {
        // Given
        Fleet.Run run = threeCalls();
        long last = head();
        try (Tampering ledger = new Tampering()) {
            for (long seq : List.of(second(run), last)) {
                LedgerStore.Entry entry = sql.tx(SCOPE, tx -> store.after(tx, LedgerTable.AGENT_ACTIONS, seq - 1, 1))
                        .getFirst();
                ObjectNode body = ((ObjectNode) entry.body().deepCopy()).put("tool", "something_else");
                String hash = Chain.hash(entry.prevHash(), seq, entry.eventId(), entry.recordedAt(), body);
                // When
                ledger.with("UPDATE agent_actions SET body = '"
                        + Json.write(body).replace("'", "''") + "', hash = '" + hash + "' WHERE seq = " + seq);
                // Then: the next one does not follow it any more, and its record says something else
                assertThat(verifier.verify(SCOPE, LedgerTable.AGENT_ACTIONS).brokenAt())
                        .isEqualTo(seq);
                ledger.putBack();
            }
        }
        assertThat(verifier.verify(SCOPE, LedgerTable.AGENT_ACTIONS).holds())
                .as("put back")
                .isTrue();
    }

    @Test
    void shouldKeepTheGapWhenTheLedgerGoesOnAfterACut() throws SQLException {
        threeCalls();
        long last = head();
        try (Tampering ledger = new Tampering()) {
            // Given
            ledger.with("DELETE FROM agent_actions WHERE seq = " + last);
            // When
            threeCalls();
            // Then
            assertThat(head()).isEqualTo(last + 3);
            assertThat(verifier.verify(SCOPE, LedgerTable.AGENT_ACTIONS).brokenAt())
                    .isEqualTo(last);
        }
        assertThat(verifier.verify(SCOPE, LedgerTable.AGENT_ACTIONS).holds())
                .as("put back")
                .isTrue();
    }

    @Test
    void shouldNoteATokenBeforeItIsMade() {
        // Given
        String jti = UUID.randomUUID().toString();
        String end = Instant.now()
                .plus(Duration.ofMinutes(5))
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        Map<String, String> issue =
                Map.of("jti", jti, "principal", "agent:chief", "audience", "tool-registry", "expires_at", end);
        try (EventTail events = EventTail.fromNow("hq.ledger.actions")) {
            // When: twice, as after an answer that got lost
            for (int i = 0; i < 2; i++) {
                Fleet.as("user:owner")
                        .header("X-HQ-Reason", "UTF-8''n%C3%A3o%20h%C3%A1%20cart%C3%A3o")
                        .body(issue)
                        .post("/v1/token-issues")
                        .then()
                        .statusCode(200)
                        .body("audit_event_id", equalTo("token:" + jti));
            }
            // Then
            Event event = events.await(LedgerAction.TYPE, e -> e.key().equals("token:" + jti));
            assertThat(event.actor()).isEqualTo("user:owner");
            assertThat(event.reason()).isEqualTo("não há cartão");
            LedgerAction action = event.as(LedgerAction.class);
            assertThat(action.tool()).isEqualTo("hq_token");
            assertThat(action.input().path("principal").asText()).isEqualTo("agent:chief");
            await().until(() -> count("call_id = 'token:" + jti + "'") == 1);
        }
        Map<String, String> other = new HashMap<>(issue);
        other.put("principal", "agent:operator");
        Fleet.as("user:owner").body(other).post("/v1/token-issues").then().statusCode(409);
        for (String nobody :
                List.of("agent:chief", "user:ana", "system:supervisor", "worker:email_ingest", "client:test")) {
            Response refused = Fleet.as(nobody).body(issue).post("/v1/token-issues");
            assertThat(refused.statusCode()).as(nobody).isIn(401, 403);
        }
        for (Map.Entry<String, String> wrong : Map.of(
                        "principal", "chief", "audience", "the-moon", "jti", "", "expires_at", "2026-01-01T00:00:00Z")
                .entrySet()) {
            Map<String, String> bad = new HashMap<>(issue);
            bad.put(wrong.getKey(), wrong.getValue());
            Fleet.as("user:owner").body(bad).post("/v1/token-issues").then().statusCode(400);
        }
    }

    @Test
    void shouldLetTheServiceOnlyAddWhenATableIsARecord() throws SQLException {
        try (Connection service = TestPostgres.shared().connectAs("ledger");
                Statement statement = service.createStatement()) {
            for (String table : APPEND_ONLY) {
                for (String attempt : List.of("DELETE FROM ", "TRUNCATE ", "UPDATE ")) {
                    String text = attempt + table + (attempt.startsWith("UPDATE") ? " SET tenant_id = 'other'" : "");
                    assertThatThrownBy(() -> statement.execute(text))
                            .as(text)
                            .hasMessageContaining("permission denied");
                }
            }
            for (String table :
                    List.of("calls", "effects", "executions", "fences", "runs", "heartbeats", "model_reservations")) {
                assertThatThrownBy(() -> statement.execute("DELETE FROM " + table))
                        .hasMessageContaining("permission denied");
            }
        }
    }

    @Test
    void shouldForceRowLevelSecurityOnEveryTable() throws SQLException {
        try (Connection owner = TestPostgres.shared().connectAs("ledger_owner");
                Statement statement = owner.createStatement();
                ResultSet open = statement.executeQuery("""
                        SELECT relname FROM pg_class
                         WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'p') AND relname <> 'flyway_schema_history'
                           AND NOT (relrowsecurity AND relforcerowsecurity)
                        """)) {
            assertThat(open.next())
                    .as("a table without forced row-level security")
                    .isFalse();
        }
    }

    @Test
    void shouldKeepAnEndedCallAsItEndedWhateverWrites() {
        Fleet.Run run = Fleet.wake("operator");
        String id = run.nextCall();
        run.call("hq_search", id, Map.of("query", "final"));
        assertThatThrownBy(() -> sql.run(
                        SCOPE,
                        tx -> tx.execute(
                                "UPDATE calls SET status = 'failed', error = '{}', output = NULL WHERE call_id = $1",
                                id)))
                .hasMessageContaining("stays so");
    }

    private long count(String where) {
        return sql.tx(
                SCOPE,
                tx -> tx.one("SELECT count(*) AS n FROM agent_actions WHERE " + where)
                        .orElseThrow()
                        .getLong("n"));
    }

    /** Three calls that are in the ledger. */
    private Fleet.Run threeCalls() {
        Fleet.Run run = Fleet.wake("operator");
        for (String query : List.of("one", "two", "three")) {
            run.call("hq_search", Map.of("query", query));
        }
        await().until(() -> count("task_id = '" + run.taskId() + "'") == 3);
        return run;
    }

    private long second(Fleet.Run run) {
        return sql.tx(
                SCOPE,
                tx -> tx.one(
                                "SELECT seq AS n FROM agent_actions WHERE task_id = $1 ORDER BY seq OFFSET 1",
                                run.taskId())
                        .orElseThrow()
                        .getLong("n"));
    }

    private long head() {
        return sql.tx(SCOPE, tx -> store.head(tx, LedgerTable.AGENT_ACTIONS)).seq();
    }

    /** The only role that can, at work; what it did is undone at the end. */
    private static final class Tampering implements AutoCloseable {
        private final Connection owner = TestPostgres.shared().connectAs("ledger_owner");

        Tampering() throws SQLException {
            try (Statement statement = owner.createStatement()) {
                statement.execute("CREATE TEMP TABLE kept AS SELECT * FROM agent_actions WHERE tenant_id = 'main'");
            }
        }

        void with(String sql) throws SQLException {
            try (Statement statement = owner.createStatement()) {
                assertThat(statement.execute(sql)).isFalse();
            }
        }

        void putBack() throws SQLException {
            with("""
                    BEGIN;
                    DELETE FROM agent_actions a USING kept k WHERE a.tenant_id = 'main' AND (a.seq = k.seq OR a.event_id = k.event_id);
                    INSERT INTO agent_actions (tenant_id, seq, event_id, body, recorded_at, prev_hash, hash)
                    SELECT tenant_id, seq, event_id, body, recorded_at, prev_hash, hash FROM kept;
                    COMMIT
                    """);
        }

        @Override
        public void close() throws SQLException {
            try (owner) {
                putBack();
            }
        }
    }
}
