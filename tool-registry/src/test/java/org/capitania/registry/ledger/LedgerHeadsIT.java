package org.capitania.registry.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
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
    TopicReading topics;

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
        // And the head of what came together is published with it: entries without records are sound then
        await().untilAsserted(() -> assertThat(of(head())).isNotEmpty());
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
                assertThat(rewritten.brokenAt()).as("%s", rewritten).isEqualTo(head.seq() - 1);
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
        await().until(() -> verifier.verify(SCOPE, TABLE).holds());
    }

    @Test
    void shouldAppendWhatComesTogetherOnceAndInItsOrder() {
        // Given: what came before, and a batch with one of it, one that stands in it twice, and a step that is told of
        // twice
        Event before = event(UUID.randomUUID().toString());
        append(before);
        Head from = head();
        List<Event> fresh = Stream.generate(() -> UUID.randomUUID().toString())
                .limit(5)
                .map(LedgerHeadsIT::event)
                .toList();
        Event again = event(fresh.get(1).key());
        Event[] batch = {
            fresh.get(0), before, fresh.get(1), fresh.get(0), fresh.get(2), again, fresh.get(3), fresh.get(4)
        };
        // When
        append(batch);
        // Then
        List<Entry> entries = sql.tx(SCOPE, tx -> store.after(tx, TABLE, from.seq(), 100));
        assertThat(entries)
                .extracting(Entry::eventId)
                .containsExactlyElementsOf(fresh.stream().map(Event::id).toList());
        assertThat(entries.getFirst().prevHash()).isEqualTo(from.hash());
        assertThat(head()).isEqualTo(new Head(from.seq() + 5, entries.getLast().hash()));
        // And nothing is written of a batch that is there already
        append(batch);
        assertThat(head().seq()).isEqualTo(from.seq() + 5);
        await().until(() -> verifier.verify(SCOPE, TABLE).holds());
    }

    @Test
    void shouldRefuseAHeadThatIsNotTheLastEntry() {
        append(event(UUID.randomUUID().toString()));
        Head head = head();
        for (String move : List.of(
                "seq = seq + 1",
                "seq = seq",
                "seq = seq - 1",
                "hash = repeat('0', 64)",
                "tenant_id = 'main', seq = seq + 1")) {
            assertThatThrownBy(() -> sql.run(
                            SCOPE,
                            tx -> tx.execute("UPDATE ledger_heads SET " + move + " WHERE ledger = 'agent_actions'")))
                    .as(move)
                    .hasMessageContaining("agent_actions");
        }
        assertThatThrownBy(() -> sql.run(SCOPE, tx -> {
                    // Entries that do not follow one another
                    tx.execute("""
                            INSERT INTO agent_actions (seq, event_id, body, recorded_at, prev_hash, hash)
                            SELECT seq + 2, event_id || ':2', jsonb_set(body, '{call_id}', '"other"'), recorded_at, hash, hash
                              FROM agent_actions WHERE seq = $1
                            """, head.seq());
                    tx.execute(
                            "UPDATE ledger_heads SET seq = seq + 2, hash = $1 WHERE ledger = 'agent_actions'",
                            head.hash());
                }))
                .hasMessageContaining("the last entry behind it");
        assertThat(head()).isEqualTo(head);
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
        return published().stream().filter(head -> head.at().equals(hour)).toList();
    }

    private List<LedgerHead> of(Head head) {
        return published().stream()
                .filter(one -> one.seq() == head.seq() && one.hash().equals(head.hash()))
                .toList();
    }

    private List<LedgerHead> published() {
        List<LedgerHead> heads = new ArrayList<>();
        topics.read(
                Topics.LEDGER_HEADS,
                TENANT,
                null,
                (records, extent) -> records.stream()
                        .map(record -> Json.read(record.value(), LedgerHead.class))
                        .filter(head -> head.ledger().equals(TABLE.table()))
                        .forEach(heads::add));
        return heads;
    }

    private Head head() {
        return sql.tx(SCOPE, tx -> store.head(tx, TABLE));
    }

    /** Two entries. */
    private void call() {
        append(event(UUID.randomUUID().toString()));
        append(event(UUID.randomUUID().toString()));
    }

    private void append(Event... events) {
        sql.run(SCOPE, tx -> store.append(tx, TABLE, List.of(events)));
    }

    /** That a call has ended, told under an id of its own. */
    private static Event event(String call) {
        ObjectNode body = Json.MAPPER
                .createObjectNode()
                .put("call_id", call)
                .put("actor", "agent:operator")
                .put("tool", "hq_search")
                .put("status", "done")
                .put("cost_usd", 0)
                .put("duration_ms", 12);
        String id = UUID.randomUUID().toString();
        return new Event(
                id, TABLE.eventType(), "test", null, HOUR, TENANT, SCOPE.actor(), null, null, null, null, call, body);
    }
}
