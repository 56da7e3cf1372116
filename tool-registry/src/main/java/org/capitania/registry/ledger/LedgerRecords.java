package org.capitania.registry.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.capitania.contract.Topics;
import org.capitania.contract.event.Event;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.ledger.LedgerStore.Entry;
import org.capitania.registry.ledger.TopicReading.Extent;
import org.capitania.servicekit.EventRecords;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/**
 * Holds the entries of a chain against the records that they were filled from, which nobody can write anew. Of an entry one bit is kept, of a
 * record nothing.
 */
@ApplicationScoped
class LedgerRecords {
    private static final int PAGE = 1000;
    /** Of how many differences it is said what they are. */
    private static final int SHOWN = 100;
    /** How many entries are held at once against their records: 12 MB of bits. */
    private static final int MOST = 100_000_000;
    /** A record may wait so long for the ledger, and is looked for so much earlier than its entry. */
    private static final Duration LAG = Duration.ofHours(1);

    /** What is wrong with an entry. */
    enum Kind {
        /** It says something else than its record. */
        @JsonProperty("edited")
        EDITED,
        /** Its record is on the topic, and it is not in the ledger. */
        @JsonProperty("missing")
        MISSING,
        /** It stands in another place than its record. */
        @JsonProperty("moved")
        MOVED,
        /** It is in the ledger and has no record. */
        @JsonProperty("added")
        ADDED
    }

    /**
     * One.
     *
     * @param seq the entry's place; null when it is missing
     * @param eventId the id of its event
     */
    record Difference(
            Kind kind,
            @Nullable Long seq,
            String eventId,
            @Nullable String callId) {
        @Override
        public String toString() {
            String call = " (call " + callId + ", event " + eventId + ")";
            return switch (kind) {
                case EDITED -> "entry " + seq + call + " is not what its record says";
                case MISSING -> "the entry of a record" + call + " is missing";
                case MOVED -> "entry " + seq + call + " stands in another place than its record";
                case ADDED -> "entry " + seq + call + " has no record";
            };
        }
    }

    /**
     * What was found.
     *
     * @param count of all differences; the list is cut
     * @param unchecked what could not be held against a record, and why
     */
    record Compared(
            List<Difference> differences,
            long count,
            @Nullable String unchecked) {}

    private final Sql sql;
    private final LedgerStore store;
    private final TopicReading topics;

    LedgerRecords(Sql sql, LedgerStore store, TopicReading topics) {
        this.sql = sql;
        this.store = store;
        this.topics = topics;
    }

    /** Holds the entries behind {@code from}, up to {@code to}, against their records, and the records since then against their entries. */
    Compared compare(Scope scope, LedgerTable table, long from, long to) {
        Comparison comparison = new Comparison(scope, table, from);
        Instant since = from == 0
                ? null
                : sql.tx(scope, tx -> store.after(tx, table, from - 1, 1)).stream()
                        .findFirst()
                        .map(entry -> Instant.parse(entry.recordedAt()).minus(LAG))
                        .orElse(null);
        Extent extent = topics.read(Topics.of(table.eventType()), scope.tenant(), since, comparison::records);
        if (since != null && comparison.unseen(to, null) > 0) {
            comparison.again();
            extent = topics.read(Topics.of(table.eventType()), scope.tenant(), null, comparison::records);
        }
        comparison.unseen(to, extent);
        return comparison.compared();
    }

    /** One reading of a topic. */
    private final class Comparison {
        private final Scope scope;
        private final LedgerTable table;
        private final long from;
        private final BitSet seen = new BitSet();
        /** Of each partition the last entry whose record was read. */
        private final Map<Integer, Long> last = new HashMap<>();

        private final List<Difference> differences = new ArrayList<>();
        private long count;
        private long waiting;
        private long lost;
        private @Nullable Instant begins;

        Comparison(Scope scope, LedgerTable table, long from) {
            this.scope = scope;
            this.table = table;
            this.from = from;
        }

        void again() {
            seen.clear();
            last.clear();
            differences.clear();
            count = 0;
            waiting = 0;
        }

        void records(List<ConsumerRecord<String, byte[]>> records, Extent extent) {
            Map<String, Entry> entries = new HashMap<>();
            Set<String> steps = new HashSet<>();
            List<Event> events = records.stream().map(EventRecords::read).toList();
            sql.run(
                    scope,
                    tx -> store.of(tx, table, events).forEach(entry -> {
                        entries.put(entry.eventId(), entry);
                        steps.add(table.step(entry.body()));
                    }));
            for (int i = 0; i < events.size(); i++) {
                Event event = events.get(i);
                ConsumerRecord<String, byte[]> record = records.get(i);
                if (!event.type().equals(table.eventType())) {
                    continue;
                }
                Entry entry = entries.get(event.id());
                if (entry != null) {
                    hold(entry, event, record.partition());
                } else if (!steps.contains(table.step(event.data()))) {
                    if (extent.taken(record)) {
                        add(
                                Kind.MISSING,
                                null,
                                event.id(),
                                event.data().path("call_id").asText());
                    } else {
                        waiting++;
                    }
                }
            }
        }

        private void hold(Entry entry, Event event, int partition) {
            long place = entry.seq() - from;
            if (place > 0 && place < MOST) {
                if (seen.get((int) place)) {
                    return;
                }
                seen.set((int) place);
            }
            if (!Arrays.equals(Canonical.bytes(entry.body()), Canonical.bytes(event.data()))) {
                add(Kind.EDITED, entry.seq(), event.id(), callOf(event.data()));
            }
            if (place > 0) {
                long before = last.getOrDefault(partition, 0L);
                if (entry.seq() < before) {
                    add(Kind.MOVED, entry.seq(), event.id(), callOf(event.data()));
                }
                last.put(partition, Math.max(before, entry.seq()));
            }
        }

        /** How many entries have no record; with the extent of what was read they are noted. */
        long unseen(long to, @Nullable Extent extent) {
            Instant begin = extent == null ? null : extent.begins();
            long unseen = 0;
            long at = from;
            while (true) {
                long after = at;
                List<Entry> page = sql.tx(scope, tx -> store.after(tx, table, after, PAGE));
                for (Entry entry : page) {
                    long place = entry.seq() - from;
                    if (entry.seq() <= to && (place >= MOST || !seen.get((int) place))) {
                        unseen++;
                        note(entry, extent, begin);
                    }
                }
                if (page.size() < PAGE || page.getLast().seq() >= to) {
                    return unseen;
                }
                at = page.getLast().seq();
            }
        }

        private void note(Entry entry, @Nullable Extent extent, @Nullable Instant begin) {
            if (extent == null) {
                return;
            }
            if (entry.seq() - from >= MOST
                    || (begin != null && !Instant.parse(entry.recordedAt()).isAfter(begin))) {
                lost++;
                begins = begin;
            } else {
                add(Kind.ADDED, entry.seq(), entry.eventId(), callOf(entry.body()));
            }
        }

        private static String callOf(JsonNode body) {
            return body.path("call_id").asText();
        }

        private void add(Kind kind, @Nullable Long seq, String eventId, String callId) {
            count++;
            if (differences.size() < SHOWN) {
                differences.add(new Difference(kind, seq, eventId, callId));
            }
        }

        Compared compared() {
            List<String> unchecked = new ArrayList<>();
            if (lost > 0) {
                unchecked.add(lost + " entries have no record any more"
                        + (begins == null ? "" : ": what is left of the topic begins at " + begins));
            }
            if (waiting > 0) {
                unchecked.add(waiting + " records wait to be taken into the ledger");
            }
            return new Compared(
                    List.copyOf(differences), count, unchecked.isEmpty() ? null : String.join("; ", unchecked));
        }
    }
}
