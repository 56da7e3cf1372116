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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.ledger.LedgerRecords.Compared;
import org.capitania.registry.ledger.LedgerRecords.Difference;
import org.capitania.registry.ledger.LedgerRecords.Kind;
import org.capitania.registry.ledger.LedgerStore.Entry;
import org.capitania.registry.ledger.LedgerVerifier.Verdict;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.Events;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows, their hashes and the head are written anew together, before an hour is over: the records on Kafka are not. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class LedgerRecordsIT {
    private static final LedgerTable TABLE = LedgerTable.LLM_CALLS;
    private static final int CALLS = 12;
    /** Whose chain of model calls nobody else fills. */
    private static final Scope SCOPE = Scope.of("other", "system:tool-registry", "test");

    @Inject
    Sql sql;

    @Inject
    LedgerStore store;

    @Inject
    LedgerVerifier verifier;

    @Inject
    LedgerRecords records;

    private final String task = UUID.randomUUID().toString();
    private Connection owner;
    private List<Entry> entries;

    @BeforeEach
    void fill() throws SQLException {
        for (int i = 0; i < CALLS; i++) {
            String call = task + ":" + i;
            ObjectNode body = Json.MAPPER
                    .createObjectNode()
                    .put("call_id", call)
                    .put("agent", "chief")
                    .put("model", "rehearsal")
                    .put("status", "done")
                    .put("cost_usd", 0)
                    .put("started_at", "2026-11-20T10:00:00Z");
            Events.publish(Topics.LEDGER_LLM_CALLS, task + "/" + i, TABLE.eventType(), SCOPE.tenant(), call, body);
        }
        await().until(() -> own().size() == CALLS);
        entries = own();
        owner = TestPostgres.shared().connectAs("ledger_owner");
        run("ALTER TABLE ledger_heads DISABLE TRIGGER USER");
    }

    @AfterEach
    void putBack() throws SQLException {
        write(entries, entries.getFirst().seq());
        run("ALTER TABLE ledger_heads ENABLE TRIGGER USER");
        owner.close();
        Verdict verdict = verifier.verify(SCOPE, TABLE);
        assertThat(verdict.holds()).as("put back: %s", verdict).isTrue();
    }

    @Test
    void shouldNameTheEntryWhenItWasEdited() throws SQLException {
        Entry third = entries.get(2);
        rewrite(all -> {
            ObjectNode body = third.body().deepCopy();
            all.set(2, entry(third, body.put("cost_usd", 7)));
            return all;
        });
        await().untilAsserted(() -> assertThat(broken(third.seq()).differences())
                .containsExactly(new Difference(Kind.EDITED, third.seq(), third.eventId(), task + ":2")));
    }

    @Test
    void shouldNameTheRecordWhenItsEntryWasRemovedAndTheRestMovedUp() throws SQLException {
        rewrite(all -> {
            all.remove(4);
            return all;
        });
        // As soon as the service has said that it was done with the record
        await().untilAsserted(() -> {
            Verdict verdict = verifier.verify(SCOPE, TABLE);
            assertThat(verdict.holds()).isFalse();
            assertThat(verdict.differences())
                    .containsExactly(
                            new Difference(Kind.MISSING, null, entries.get(4).eventId(), task + ":4"));
        });
    }

    @Test
    void shouldNameAllThatIsGoneWhenTheEndWasCut() throws SQLException {
        rewrite(all -> all.subList(0, CALLS - 3));
        List<String> gone =
                entries.subList(CALLS - 3, CALLS).stream().map(Entry::eventId).toList();
        await().untilAsserted(() -> assertThat(
                        broken(entries.get(CALLS - 3).seq()).differences())
                .extracting(Difference::eventId)
                .containsExactlyInAnyOrderElementsOf(gone));
    }

    @Test
    void shouldFindEntriesThatChangedPlaces() throws SQLException {
        for (int i = 0; i + 1 < CALLS; i++) {
            int at = i;
            rewrite(all -> {
                Collections.swap(all, at, at + 1);
                return all;
            });
            await().until(() -> !verifier.verify(SCOPE, TABLE).holds());
            Verdict verdict = verifier.verify(SCOPE, TABLE);
            assertThat(verdict.brokenAt())
                    .as("%d: %s", at, verdict)
                    .isGreaterThanOrEqualTo(entries.get(at).seq());
            assertThat(verdict.differences()).allMatch(difference -> difference.kind() == Kind.MOVED);
        }
        rewrite(all -> {
            Collections.reverse(all);
            return all;
        });
        assertThat(verifier.verify(SCOPE, TABLE).differences())
                .as("those of one partition")
                .isNotEmpty()
                .extracting(Difference::kind)
                .containsOnly(Kind.MOVED);
    }

    @Test
    void shouldNameWhatHasNoRecordWithoutAnyHead() throws SQLException {
        rewrite(all -> {
            Entry last = all.getLast();
            ObjectNode body = last.body().deepCopy();
            all.add(new Entry(0, task + "/forged", body.put("call_id", "forged"), last.recordedAt(), "", ""));
            return all;
        });
        long forged = entries.getLast().seq() + 1;
        Compared compared = records.compare(SCOPE, TABLE, entries.getFirst().seq(), forged);
        assertThat(compared.differences())
                .containsExactly(new Difference(Kind.ADDED, forged, task + "/forged", "forged"));
        assertThat(compared.unchecked()).isNull();
        assertThat(verifier.verify(SCOPE, TABLE).brokenAt()).isEqualTo(forged);
    }

    private Verdict broken(long seq) {
        Verdict verdict = verifier.verify(SCOPE, TABLE);
        assertThat(verdict.brokenAt()).as("%s", verdict).isEqualTo(seq);
        assertThat(verdict.differing()).isEqualTo(verdict.differences().size());
        return verdict;
    }

    private List<Entry> own() {
        return sql.tx(SCOPE, tx -> store.after(tx, TABLE, 0, 10_000)).stream()
                .filter(entry -> entry.eventId().startsWith(task))
                .toList();
    }

    private static Entry entry(Entry of, ObjectNode body) {
        return new Entry(of.seq(), of.eventId(), body, of.recordedAt(), of.prevHash(), of.hash());
    }

    /** As somebody would who has the database and knows how the chain is made. */
    private void rewrite(UnaryOperator<List<Entry>> change) throws SQLException {
        List<Entry> fitting = new ArrayList<>();
        String previous = entries.getFirst().prevHash();
        long seq = entries.getFirst().seq();
        for (Entry entry : change.apply(new ArrayList<>(entries))) {
            String hash = Chain.hash(previous, seq, entry.eventId(), entry.recordedAt(), entry.body());
            fitting.add(new Entry(seq++, entry.eventId(), entry.body(), entry.recordedAt(), previous, hash));
            previous = hash;
        }
        write(fitting, entries.getFirst().seq());
    }

    private void write(List<Entry> chain, long from) throws SQLException {
        StringBuilder all =
                new StringBuilder("BEGIN; DELETE FROM llm_calls WHERE tenant_id = 'other' AND seq >= " + from);
        for (Entry entry : chain) {
            all.append(
                            "; INSERT INTO llm_calls (tenant_id, seq, event_id, body, recorded_at, prev_hash, hash) VALUES ('other', ")
                    .append(entry.seq());
            for (String text : List.of(
                    entry.eventId(), Json.write(entry.body()), entry.recordedAt(), entry.prevHash(), entry.hash())) {
                all.append(", '").append(text.replace("'", "''")).append("'");
            }
            all.append(")");
        }
        Entry last = chain.getLast();
        run(all + "; UPDATE ledger_heads SET seq = " + last.seq() + ", hash = '" + last.hash()
                + "' WHERE tenant_id = 'other' AND ledger = 'llm_calls'; COMMIT");
    }

    private void run(String statements) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute(statements);
        }
    }
}
