package org.capitania.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult;
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

/** Of several things that are wrong with a call the first in the order of the design is named, and each says whom to ask. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class CheckOrderIT {
    private static final String ROLE = "operator";
    private static final Map<String, Object> RIGHT = Map.of("kind", "action", "title", "Called the bakery");
    private static final Map<String, Object> WRONG = Map.of("kind", "nonsense", "title", "Called the bakery");

    @Inject
    Sql sql;

    private final String reservation = "order-" + UUID.randomUUID();
    private FakePeers peers;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        assertThat(new FakeGraph(peers).edges()).isEmpty();
    }

    @AfterEach
    void undo() {
        try {
            owner("thaw");
            spent(BigDecimal.ZERO);
        } finally {
            peers.close();
        }
    }

    @Test
    void shouldNameTheFirstThingThatIsWrong() {
        // Given: everything is wrong at once
        Fleet.curate(ROLE, "hq_search");
        Fleet.Run run = Fleet.wake(ROLE);
        owner("freeze");
        spent(new BigDecimal("100000"));
        // Then: one is mended after the other
        assertThat(refusal(run.withFence(run.fence() + 1), WRONG)).isEqualTo("fenced");
        assertThat(refusal(run, WRONG)).isEqualTo("not_granted");
        Fleet.curate(ROLE, "hq_search", "hq_event_log");
        assertThat(refusal(run, WRONG)).isEqualTo("schema_violation");
        assertThat(refusal(run, RIGHT)).isEqualTo("autonomy_frozen");
        owner("thaw");
        assertThat(refusal(run, RIGHT)).isEqualTo("budget_exhausted");
        // Reading goes on at the cap as well.
        assertThat(run.call("hq_search", Map.of("query", "bakery")).status()).isEqualTo(CallStatus.DONE);
        spent(BigDecimal.ZERO);
        assertThat(run.call("hq_event_log", RIGHT).status()).isEqualTo(CallStatus.DONE);
    }

    @Test
    void shouldTakeAnIdInAnotherTaskForAnotherCall() {
        // Given
        Fleet.curate(ROLE, "hq_search");
        Fleet.Run run = Fleet.wake(ROLE);
        String id = run.nextCall();
        Map<String, Object> query = Map.of("query", "bakery");
        ToolResult first = run.call("hq_search", id, query);
        assertThat(first.status()).isEqualTo(CallStatus.DONE);
        assertThat(run.call("hq_search", id, query)).isEqualTo(first);
        // When: what the first task may have been tainted by
        ToolResult elsewhere = Fleet.wake(ROLE).call("hq_search", id, query);
        // Then
        assertThat(elsewhere.status()).isEqualTo(CallStatus.REFUSED);
        assertThat(elsewhere.error().code()).isEqualTo("idempotency_mismatch");
    }

    @Test
    void shouldKeepARowWhenANameIsNoneThatAStoreTakes() {
        // Given
        Fleet.curate(ROLE, "hq_search");
        Fleet.Run run = Fleet.wake(ROLE);
        String odd = run.nextCall();
        String endless = run.nextCall();
        String task = "\u0000"
                + Stream.generate(() -> UUID.randomUUID().toString()).limit(300).collect(Collectors.joining());
        // When
        ToolResult named = run.call("hq_search\u0000", odd, Map.of("query", "bakery"));
        ToolResult lost = run.withTask(task).call("hq_search", endless, Map.of("query", "bakery"));
        // Then
        assertThat(Fleet.refusal(named)).isEqualTo("unknown_tool");
        assertThat(Fleet.action(odd).path("status").asText()).isEqualTo("refused");
        assertThat(Fleet.refusal(lost)).isEqualTo("fenced");
        assertThat(Fleet.action(endless).path("status").asText()).isEqualTo("refused");
    }

    private static String refusal(Fleet.Run run, Map<String, Object> arguments) {
        ToolResult result = run.call("hq_event_log", arguments);
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.REFUSED);
        assertThat(result.error().hint()).as("%s", result).isNotBlank();
        return result.error().code();
    }

    private static void owner(String action) {
        ToolResult result =
                Fleet.owner("hq_autonomy", "order-" + UUID.randomUUID(), Map.of("action", action, "reason", "order"));
        assertThat(result.status()).isEqualTo(CallStatus.DONE);
    }

    private void spent(BigDecimal amount) {
        sql.run(Scope.of("main", "system:tool-registry", "test"), tx -> tx.execute("""
                        INSERT INTO model_reservations (reservation_id, call_id, agent, provider, model, day, reserved_usd, spent_usd, status,
                                                        settled_at)
                        VALUES ($1, $1, $2, 'test', 'test', (now() AT TIME ZONE 'UTC')::date, 0, $3, 'settled', now())
                        ON CONFLICT (tenant_id, reservation_id) DO UPDATE SET spent_usd = excluded.spent_usd
                        """, reservation, ROLE, amount));
    }
}
