package org.capitania.registry.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.LedgerHead;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.ledger.LedgerStore.Entry;
import org.capitania.registry.ledger.LedgerStore.Head;
import org.capitania.registry.ledger.LedgerVerifier.Verdict;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

/** What was published of a chain tells when somebody has written all of it anew, so that everything in the store fits. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class LedgerHeadsIT {
    /** Not the one whose ledger the other tests fill and verify. */
    private static final String TENANT = "other";

    private static final Scope SCOPE = Scope.of(TENANT, "system:tool-registry", "test");
    private static final LedgerTable TABLE = LedgerTable.AGENT_ACTIONS;
    /** An hour that no other test publishes. */
    private static final Instant HOUR = Instant.parse("2031-01-01T10:59:59Z");

    @Inject
    Sql sql;

    @Inject
    LedgerVerifier verifier;

    @Inject
    LedgerStore store;

    @Inject
    PublishedHeads published;

    @Test
    void shouldPublishEachHourOnceAndFindWhatWasWrittenAnew() throws SQLException {
        // Given: a head that is published, once an hour
        call();
        HeadPublication publication = at(HOUR);
        publication.publish(TENANT);
        Head head = head();
        call();
        publication.publish(TENANT);
        await().untilAsserted(
                        () -> assertThat(of(HOUR)).extracting(LedgerHead::seq).containsExactly(head.seq()));
        at(HOUR.plusSeconds(1)).publish(TENANT);
        await().untilAsserted(() ->
                assertThat(of(HOUR.plusSeconds(1))).extracting(LedgerHead::hash).containsExactly(head().hash()));
        Verdict sound = verifier.verify(SCOPE, TABLE);
        assertThat(sound.holds()).as("%s", sound).isTrue();
        assertThat(sound.publishedHeads()).isGreaterThanOrEqualTo(2);
        try (Connection owner = TestPostgres.shared().connectAs("ledger_owner");
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE TEMP TABLE kept AS SELECT * FROM agent_actions WHERE tenant_id = 'other'");
            statement.execute("CREATE TEMP TABLE kept_heads AS SELECT * FROM ledger_heads WHERE tenant_id = 'other'");
            statement.execute("ALTER TABLE ledger_heads DISABLE TRIGGER USER");
            try {
                // When: an entry is another one, and all after it and the head are made to fit
                rewriteFrom(head.seq() - 1, statement);
                // Then: the first that was published is not what it was
                Verdict rewritten = verifier.verify(SCOPE, TABLE);
                assertThat(rewritten.brokenAt()).as("%s", rewritten).isEqualTo(head.seq());
                assertThat(rewritten.reason()).contains("published");
                // When: the end is cut off, and the head is made to fit
                putBack(statement);
                long cut = head.seq();
                statement.execute("DELETE FROM agent_actions WHERE tenant_id = 'other' AND seq > " + (cut - 1));
                statement.execute(
                        "UPDATE ledger_heads h SET seq = a.seq, hash = a.hash FROM agent_actions a WHERE h.tenant_id = 'other'"
                                + " AND h.ledger = 'agent_actions' AND a.tenant_id = 'other' AND a.seq = " + (cut - 1));
                Verdict shorter = verifier.verify(SCOPE, TABLE);
                assertThat(shorter.brokenAt()).as("%s", shorter).isEqualTo(cut);
                assertThat(shorter.reason()).contains("missing", "published");
            } finally {
                putBack(statement);
                statement.execute("ALTER TABLE ledger_heads ENABLE TRIGGER USER");
            }
        }
        assertThat(verifier.verify(SCOPE, TABLE).holds()).as("put back").isTrue();
    }

    /** As somebody would who has the database and knows how the chain is made. */
    private void rewriteFrom(long seq, Statement statement) throws SQLException {
        List<Entry> entries = sql.tx(SCOPE, tx -> store.after(tx, TABLE, seq - 1, 10_000));
        String previous = entries.getFirst().prevHash();
        for (Entry entry : entries) {
            ObjectNode body = (ObjectNode) entry.body().deepCopy();
            if (entry.seq() == seq) {
                body.put("duration_ms", 424242);
            }
            String hash = Chain.hash(previous, entry.seq(), entry.eventId(), entry.recordedAt(), body);
            statement.execute(
                    "UPDATE agent_actions SET body = '" + Json.write(body).replace("'", "''") + "', prev_hash = '"
                            + previous + "', hash = '" + hash + "' WHERE tenant_id = 'other' AND seq = " + entry.seq());
            previous = hash;
        }
        statement.execute("UPDATE ledger_heads SET hash = '" + previous
                + "' WHERE tenant_id = 'other' AND ledger = 'agent_actions'");
    }

    private static void putBack(Statement statement) throws SQLException {
        statement.execute("""
                BEGIN;
                DELETE FROM agent_actions a USING kept k WHERE a.tenant_id = 'other' AND a.seq = k.seq;
                INSERT INTO agent_actions (tenant_id, seq, event_id, body, recorded_at, prev_hash, hash)
                SELECT tenant_id, seq, event_id, body, recorded_at, prev_hash, hash FROM kept;
                UPDATE ledger_heads h SET seq = k.seq, hash = k.hash FROM kept_heads k
                 WHERE h.tenant_id = k.tenant_id AND h.ledger = k.ledger;
                COMMIT
                """);
    }

    private HeadPublication at(Instant now) {
        return new HeadPublication(sql, Clock.fixed(now, ZoneOffset.UTC), store);
    }

    private List<LedgerHead> of(Instant hour) {
        return published.of(TENANT).stream()
                .filter(head -> head.at().equals(hour) && head.ledger().equals(TABLE.table()))
                .toList();
    }

    private Head head() {
        return sql.tx(SCOPE, tx -> store.head(tx, TABLE));
    }

    /** Two entries. */
    private void call() {
        for (int i = 0; i < 2; i++) {
            String id = UUID.randomUUID().toString();
            ObjectNode body = Json.MAPPER
                    .createObjectNode()
                    .put("call_id", id)
                    .put("actor", "agent:operator")
                    .put("tool", "hq_search")
                    .put("status", "done")
                    .put("cost_usd", 0)
                    .put("duration_ms", 12);
            Event event = new Event(
                    id, TABLE.eventType(), "test", null, HOUR, TENANT, SCOPE.actor(), null, null, null, null, id, body);
            sql.run(SCOPE, tx -> store.append(tx, TABLE, List.of(event)));
        }
    }
}
