package org.capitania.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.event.LlmCall;
import org.capitania.registry.FakeProvider;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

/** What the journal has and the ledger has lost is told again, once. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class LedgerReconciliationIT {
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");

    @Inject
    Sql sql;

    @Inject
    LedgerReconciliation reconciliation;

    @Test
    void shouldTellTheLedgerAgainWhatItHasLost() {
        // Given: a call and a model call that ended, and whose events went nowhere
        String id = "lost-" + UUID.randomUUID();
        LlmCall entry = new LlmCall(
                id,
                "agent:chief",
                null,
                id,
                "anthropic",
                "claude-test",
                10,
                5,
                0,
                0,
                new BigDecimal("0.01"),
                7,
                "done",
                Instant.parse("2026-11-20T10:00:00Z"),
                "turn",
                null);
        sql.run(SCOPE, tx -> {
            tx.execute("""
                    INSERT INTO calls (call_id, actor, task_id, tool, action, idempotency, input, input_digest, status, output, started_at, finished_at)
                    VALUES ($1, 'agent:chief', $1, 'hq_search', 'hq_search', 'read', '{}', 'x', 'done', '{}', now() - interval '3 minutes',
                            now() - interval '2 minutes')
                    """, id);
            tx.execute("""
                    INSERT INTO model_reservations (reservation_id, call_id, agent, task_id, provider, model, day, reserved_usd, spent_usd, status,
                                                    settled_at, ledger_entry)
                    VALUES ($1, $1, 'lost', $1, 'anthropic', 'claude-test', DATE '2026-01-01', 0.01, 0.01, 'settled', now() - interval '2 minutes',
                            $2::text::jsonb)
                    """, id, Json.write(entry));
        });
        // When
        assertThat(reconciliation.reconcile("main")).isGreaterThanOrEqualTo(2);
        await().until(() -> count("agent_actions", id) == 1 && count("llm_calls", id) == 1);
        // Then: once is enough, also when a lost event comes after all
        reconciliation.reconcile("main");
        sql.run(SCOPE, tx -> tx.publish(LlmCall.TYPE, id, entry));
        String last = "after-" + id;
        ObjectNode behind = ((ObjectNode) Json.tree(entry)).put("task_id", last).put("status", "failed:test");
        sql.run(SCOPE, tx -> tx.publish(LlmCall.TYPE, id, behind));
        await().until(() -> count("llm_calls", last) == 1);
        assertThat(count("llm_calls", id)).isEqualTo(1);
        assertThat(count("agent_actions", id)).isEqualTo(1);
    }

    private long count(String table, String task) {
        return sql.tx(
                SCOPE,
                tx -> tx.one("SELECT count(*) AS n FROM " + table + " WHERE task_id = $1", task)
                        .orElseThrow()
                        .getLong("n"));
    }
}
