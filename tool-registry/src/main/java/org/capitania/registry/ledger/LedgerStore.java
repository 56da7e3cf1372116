package org.capitania.registry.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.LedgerHead;
import org.capitania.contract.event.LlmCall;
import org.capitania.servicekit.Tx;

/** Appends to the chained tables and reads them. Whoever appends holds the chain's lock to the end of the transaction: there is one order. */
@ApplicationScoped
class LedgerStore {

    /** One entry, as the verifier reads it. */
    record Entry(long seq, String eventId, JsonNode body, String recordedAt, String prevHash, String hash) {}

    /** How far a chain has come. */
    record Head(long seq, String hash) {
        static final Head NONE = new Head(0, Chain.ROOT);
    }

    private static final String ENTRY = "seq, event_id, body::text AS body, recorded_at, prev_hash, hash";

    private final Clock clock;

    LedgerStore(Clock clock) {
        this.clock = clock;
    }

    /** Appends the bodies of events, in their order; without those that are in the ledger already, themselves or as the same step of the same call. */
    void append(Tx tx, LedgerTable table, List<Event> events) {
        // Sent with the statements behind it, which see what this one has waited for.
        var alone = tx.send(
                "SELECT pg_advisory_xact_lock(hashtextextended(current_tenant() || ':' || $1, 7))", table.table());
        Supplier<Head> last = ask(tx, table);
        Set<String> known = known(tx, table, events);
        tx.await(alone);
        // Not the last row that is there: after a cut the chain goes on behind the gap, and the gap stays to be seen.
        Head head = last.get();
        long before = head.seq();
        String recordedAt = clock.instant().truncatedTo(ChronoUnit.MICROS).toString();
        List<String> ids = new ArrayList<>();
        List<String> bodies = new ArrayList<>();
        List<String> previous = new ArrayList<>();
        List<String> hashes = new ArrayList<>();
        for (Event event : events) {
            JsonNode body = event.data();
            boolean newEvent = known.add(event.id());
            boolean newStep = known.add(table.step(body));
            if (!newEvent || !newStep) {
                continue;
            }
            long seq = head.seq() + 1;
            String hash = Chain.hash(head.hash(), seq, event.id(), recordedAt, body);
            ids.add(event.id());
            bodies.add(body.toString());
            previous.add(head.hash());
            hashes.add(hash);
            head = new Head(seq, hash);
        }
        if (ids.isEmpty()) {
            return;
        }
        var written = tx.send(
                """
                INSERT INTO %s (seq, event_id, body, recorded_at, prev_hash, hash)
                SELECT $1::bigint + e.place, e.event_id, e.body::jsonb, $2::text, e.prev_hash, e.hash
                  FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS e (event_id, body, prev_hash, hash, place)
                """.formatted(table.table()),
                before,
                recordedAt,
                texts(ids),
                texts(bodies),
                texts(previous),
                texts(hashes));
        // The head goes to the last of them, over no number that is not there.
        var moved = tx.send("""
                INSERT INTO ledger_heads (ledger, seq, hash) VALUES ($1, $2, $3)
                ON CONFLICT (tenant_id, ledger) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
                """, table.table(), head.seq(), head.hash());
        // So that nobody has an hour to write the chain anew: as soon as it has left, the head cannot be called back.
        var told = tx.send(
                "SELECT outbox_append($1, $2, $3, $4::text::jsonb)",
                Topics.LEDGER_HEADS,
                LedgerHead.TYPE,
                table.table(),
                Json.write(new LedgerHead(table.table(), head.seq(), head.hash(), clock.instant())));
        tx.await(written);
        tx.await(moved);
        tx.await(told);
    }

    private static String[] texts(List<String> texts) {
        return texts.toArray(String[]::new);
    }

    /** The last entry that was ever written. */
    Head head(Tx tx, LedgerTable table) {
        return ask(tx, table).get();
    }

    private static Supplier<Head> ask(Tx tx, LedgerTable table) {
        Supplier<Optional<Row>> row = tx.ask("SELECT seq, hash FROM ledger_heads WHERE ledger = $1", table.table());
        return () -> row.get()
                .map(found -> new Head(found.getLong("seq"), found.getString("hash")))
                .orElse(Head.NONE);
    }

    /** Of these events and of the steps they tell of, those that are there. */
    private static Set<String> known(Tx tx, LedgerTable table, List<Event> events) {
        Set<String> known = new HashSet<>();
        tx.query(
                        "SELECT event_id, call_id, status, body ->> 'started_at' AS started_at FROM %s WHERE event_id = ANY ($1) OR call_id = ANY ($2)"
                                .formatted(table.table()),
                        ids(events),
                        calls(events))
                .forEach(row -> {
                    known.add(row.getString("event_id"));
                    known.add(
                            table.step(row.getString("call_id"), row.getString("status"), row.getString("started_at")));
                });
        return known;
    }

    /** Entries after {@code seq}, in order. */
    List<Entry> after(Tx tx, LedgerTable table, long seq, int limit) {
        return entries(tx.query(
                "SELECT %s FROM %s WHERE seq > $1 ORDER BY seq LIMIT $2".formatted(ENTRY, table.table()), seq, limit));
    }

    /** Those of some events, and of the calls they tell of. */
    List<Entry> of(Tx tx, LedgerTable table, List<Event> events) {
        return entries(tx.query(
                "SELECT %s FROM %s WHERE event_id = ANY ($1) OR call_id = ANY ($2)".formatted(ENTRY, table.table()),
                ids(events),
                calls(events)));
    }

    /** The hashes of some entries; without those that are not there. */
    Map<Long, String> hashes(Tx tx, LedgerTable table, Long[] seqs) {
        Map<Long, String> hashes = new HashMap<>();
        tx.query("SELECT seq, hash FROM %s WHERE seq = ANY ($1)".formatted(table.table()), (Object) seqs)
                .forEach(row -> hashes.put(row.getLong("seq"), row.getString("hash")));
        return hashes;
    }

    private static List<Entry> entries(RowSet<Row> rows) {
        List<Entry> entries = new ArrayList<>();
        rows.forEach(row -> entries.add(new Entry(
                row.getLong("seq"),
                row.getString("event_id"),
                Json.read(row.getString("body"), JsonNode.class),
                row.getString("recorded_at"),
                row.getString("prev_hash"),
                row.getString("hash"))));
        return entries;
    }

    private static String[] ids(List<Event> events) {
        return events.stream().map(Event::id).toArray(String[]::new);
    }

    private static String[] calls(List<Event> events) {
        return events.stream()
                .map(event -> event.data().path("call_id").asText())
                .toArray(String[]::new);
    }

    /** Entries of model calls that were settled more than a minute ago and are not there. */
    List<LlmCall> missingModelCalls(Tx tx, int limit) {
        List<LlmCall> calls = new ArrayList<>();
        tx.query("""
                        SELECT m.ledger_entry::text AS entry FROM model_reservations m
                         WHERE m.settled_at < clock_timestamp() - interval '1 minute' AND m.ledger_entry IS NOT NULL
                           AND NOT EXISTS (SELECT 1 FROM llm_calls l
                                            WHERE l.tenant_id = m.tenant_id AND l.call_id = m.call_id
                                              AND l.body ->> 'started_at' = m.ledger_entry ->> 'started_at')
                         ORDER BY m.settled_at LIMIT $1
                        """, limit).forEach(row -> calls.add(Json.read(row.getString("entry"), LlmCall.class)));
        return calls;
    }

    /** Finished calls, older than a minute, of which the ledger has no entry for their end. */
    List<String> missing(Tx tx, int limit) {
        List<String> calls = new ArrayList<>();
        tx.query("""
                        SELECT c.call_id FROM calls c
                         WHERE c.finished_at < clock_timestamp() - interval '1 minute'
                           AND NOT EXISTS (SELECT 1 FROM agent_actions a
                                            WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id AND a.status = c.status)
                         ORDER BY c.finished_at LIMIT $1
                        """, limit).forEach(row -> calls.add(row.getString("call_id")));
        return calls;
    }
}
