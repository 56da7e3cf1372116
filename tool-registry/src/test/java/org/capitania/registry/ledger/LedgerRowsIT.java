package org.capitania.registry.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.sqlclient.Row;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.Approved;
import org.capitania.registry.FakeApprovals;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands in the ledger of each act: who, for what, about what, by which model at what cost, and how it ended. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class LedgerRowsIT {
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");

    @Inject
    Sql sql;

    private FakePeers peers;
    private FakeGraph graph;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        Fleet.curate("operator", "hq_search", "hq_entity", "hq_event_log");
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldHoldEverythingOfEveryCallRefusedOnesToo() {
        // Given: a turn of a model that cost something and asked for three calls, and one that failed before it
        // answered
        Fleet.Run run = Fleet.wake("operator");
        String turn = run.sessionId() + ":1";
        spend(run, turn + ":model", "0.02");
        spend(run, turn + ":model.2", "0.01");
        spend(run, run.sessionId() + ":11:model", "5");
        String entity = graph.add("entity", "entity-" + run.taskId(), Map.of("name", "Frama"))
                .id();
        examples(run);
        // When
        OffsetDateTime begun = now();
        ToolResult done = run.call(
                "hq_entity", turn + ":1", Map.of("action", "update", "ref", entity, "props", Map.of("city", "Braga")));
        run.call("hq_nothing", turn + ":2", Map.of("ref", "x"));
        run.call("hq_search", turn + ":3", Map.of("query", "bread"));
        // Then
        await().until(() -> rows(run).size() == 3);
        List<Row> rows = rows(run);
        assertThat(rows).extracting(r -> r.getString("id")).containsExactly(turn + ":1", turn + ":2", turn + ":3");
        assertThat(rows).extracting(r -> r.getString("status")).containsExactly("done", "refused", "done");
        assertThat(rows).extracting(r -> r.getString("actor")).containsOnly("agent:operator");
        assertThat(rows).extracting(r -> r.getString("session_id")).containsOnly(run.sessionId());
        assertThat(rows).extracting(r -> r.getString("model")).containsOnly("claude-test");
        // the turn's cost stands at its first call
        assertThat(rows)
                .extracting(r -> r.getBigDecimal("cost_usd").stripTrailingZeros())
                .containsExactly(new BigDecimal("0.03"), BigDecimal.ZERO, BigDecimal.ZERO);
        Row update = rows.getFirst();
        assertThat(update.getString("target_kind")).isEqualTo("entity");
        assertThat(update.getString("target_id")).isEqualTo(entity);
        assertThat(update.getString("audit_event_id")).isEqualTo(done.auditEventId());
        assertThat(update.getLong("duration_ms")).isNotNegative();
        assertThat(update.getString("examples")).contains("example-1", "example-2");
        assertThat(update.getString("input")).contains("Braga");
        assertThat(update.getOffsetDateTime("created_at")).isBetween(begun, now());
        assertThat(rows.get(1).getString("output")).contains("unknown_tool");
    }

    @Test
    void shouldSayWhoApprovedWhatWasCarriedOutAndHowLongItTook() {
        // Given
        FakeApprovals approvals = new FakeApprovals(peers);
        Fleet.guardiansLive();
        Fleet.Run run = Fleet.wake("operator");
        String entity = graph.add("entity", "entity-" + run.taskId(), Map.of("name", "Frama"))
                .id();
        FrozenCall frozen = Approved.frozen(
                run.call("hq_entity", Map.of("action", "update", "ref", entity, "props", Map.of("tax_id", "PT509"))));
        // When
        Approved.approve(approvals, frozen);
        assertThat(Approved.reported(approvals, frozen).status()).isEqualTo(ProposalStatus.EXECUTED);
        // Then
        await().until(() -> rows(run).size() == 2);
        Row proposed = rows(run).getFirst();
        assertThat(proposed.getString("status")).isEqualTo("proposed");
        assertThat(proposed.getString("approved_by")).isNull();
        Row executed = rows(run).getLast();
        assertThat(executed.getString("id")).isEqualTo(proposed.getString("id"));
        assertThat(executed.getString("status")).isEqualTo("executed");
        assertThat(executed.getString("approved_by")).isEqualTo("user:owner");
        assertThat(executed.getLong("duration_ms")).isBetween(0L, 60_000L);
    }

    /** By the clock that dates the rows. */
    private OffsetDateTime now() {
        return sql.tx(SCOPE, tx -> tx.one("SELECT clock_timestamp() AS now").orElseThrow())
                .getOffsetDateTime("now");
    }

    private List<Row> rows(Fleet.Run run) {
        List<Row> rows = new ArrayList<>();
        sql.run(SCOPE, tx -> tx.query("""
                        SELECT id, status, actor, session_id, model, cost_usd, target_kind, target_id, audit_event_id, duration_ms,
                               retrieved_example_ids::text AS examples, input::text AS input, output::text AS output, created_at,
                               approved_by
                          FROM actions WHERE task_id = $1 AND embedding IS NULL AND action_type <> 'hq_examples_find' ORDER BY seq
                        """, run.taskId()).forEach(rows::add));
        return rows;
    }

    private void spend(Fleet.Run run, String callId, String cost) {
        sql.run(SCOPE, tx -> tx.execute("""
                        INSERT INTO model_reservations (reservation_id, call_id, agent, session_id, task_id, run_id, provider, model, day,
                                                        reserved_usd, spent_usd, status, settled_at)
                        VALUES ($1, $1, 'ledger-rows', $2, $3, $4, 'anthropic', 'claude-test', DATE '2026-01-01', $5, $5, 'settled', now())
                        """, callId, run.sessionId(), run.taskId(), run.runId(), new BigDecimal(cost)));
    }

    /** Examples that the task has read. */
    private void examples(Fleet.Run run) {
        sql.run(SCOPE, tx -> tx.execute("""
                        INSERT INTO calls (call_id, actor, session_id, task_id, tool, action, idempotency, input, input_digest, status, output,
                                           finished_at)
                        VALUES ($1, 'agent:operator', $2, $3, 'hq_examples_find', 'hq_examples_find', 'read', '{}', 'x', 'done',
                                '{"examples":[{"id":"example-1"},{"id":"example-2"}]}', now())
                        """, run.sessionId() + ":0:1", run.sessionId(), run.taskId()));
    }
}
