package org.capitania.registry.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import org.capitania.contract.event.LedgerHead;
import org.capitania.registry.ledger.LedgerRecords.Compared;
import org.capitania.registry.ledger.LedgerRecords.Difference;
import org.capitania.registry.ledger.LedgerStore.Entry;
import org.capitania.registry.ledger.LedgerStore.Head;
import org.capitania.registry.ledger.PublishedHeads.Held;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/**
 * Walks a chain from its first entry to the last that was ever written and finds the first one that was edited, removed or moved. Where all of it
 * was written anew so that it fits, the heads that were published tell, and the records on Kafka tell what differs.
 */
@ApplicationScoped
class LedgerVerifier {
    private static final int PAGE = 1000;

    /**
     * What was found.
     *
     * @param entries how many were found sound
     * @param head the hash of the last of them
     * @param publishedHeads how many heads it was held against
     * @param brokenAt the first entry that is not what it was
     * @param differing how many entries differ from their records since the last sound head that was published
     * @param differences the first hundred of them
     * @param unchecked what could not be held against a record
     */
    record Verdict(
            String table,
            long entries,
            String head,
            int publishedHeads,
            @Nullable Long brokenAt,
            @Nullable String reason,
            long differing,
            List<Difference> differences,
            @Nullable String unchecked) {
        boolean holds() {
            return brokenAt == null;
        }
    }

    private final Sql sql;
    private final LedgerStore store;
    private final PublishedHeads published;
    private final LedgerRecords records;

    LedgerVerifier(Sql sql, LedgerStore store, PublishedHeads published, LedgerRecords records) {
        this.sql = sql;
        this.store = store;
        this.published = published;
        this.records = records;
    }

    /** Every chain of the tenant. */
    List<Verdict> verify(Scope scope) {
        return Arrays.stream(LedgerTable.values())
                .map(table -> verify(scope, table))
                .toList();
    }

    Verdict verify(Scope scope, LedgerTable table) {
        // Read before the walk: entries that come meanwhile are behind it.
        Head head = sql.tx(scope, tx -> store.head(tx, table));
        Walked walked = walk(scope, table, head);
        Fault fault = walked.wrong() == null ? Fault.NONE : new Fault(walked.seq() + 1, walked.wrong());
        Held heads = published.hold(scope, table, fault.seq());
        fault = fault.or(fault(walked, heads));
        Compared compared = records.compare(scope, table, heads.sound(), Math.max(head.seq(), walked.seq()));
        for (Difference difference : compared.differences()) {
            // What is missing has no place: where nothing else is wrong, it is behind the last.
            long seq = difference.seq() == null ? walked.seq() + 1 : difference.seq();
            fault = fault.or(new Fault(seq, difference.toString()));
        }
        boolean sound = fault.seq() == Fault.NONE.seq();
        return new Verdict(
                table.table(),
                Math.min(walked.seq(), fault.seq() - 1),
                walked.hash(),
                heads.count(),
                sound ? null : fault.seq(),
                sound ? null : fault.reason(),
                compared.count(),
                compared.differences(),
                compared.unchecked());
    }

    private static Fault fault(Walked walked, Held heads) {
        LedgerHead wrong = heads.wrong();
        if (wrong == null) {
            return Fault.NONE;
        }
        if (!heads.gone()) {
            return new Fault(
                    wrong.seq(),
                    "entry " + wrong.seq() + " was another one when its hash was published at " + wrong.at());
        }
        long first = Math.min(walked.seq() + 1, wrong.seq());
        return new Fault(
                first,
                "entries " + first + " to " + wrong.seq() + " are missing; the head of entry " + wrong.seq()
                        + " was published at " + wrong.at());
    }

    /** The first entry that is not sound, and why. */
    private record Fault(long seq, String reason) {
        static final Fault NONE = new Fault(Long.MAX_VALUE, "");

        Fault or(Fault other) {
            return other.seq < seq ? other : this;
        }
    }

    /** How far the chain was found sound. */
    private record Walked(long seq, String hash, @Nullable String wrong) {
        Walked stoppedBy(String why) {
            return new Walked(seq, hash, why);
        }
    }

    private Walked walk(Scope scope, LedgerTable table, Head head) {
        Walked at = new Walked(0, Chain.ROOT, null);
        while (true) {
            long from = at.seq();
            List<Entry> page = sql.tx(scope, tx -> store.after(tx, table, from, PAGE));
            for (Entry entry : page) {
                String wrong = wrong(entry, at.seq() + 1, at.hash(), head);
                if (wrong != null) {
                    return at.stoppedBy(wrong);
                }
                at = new Walked(entry.seq(), entry.hash(), null);
            }
            if (page.size() < PAGE) {
                return at.seq() < head.seq()
                        ? at.stoppedBy("entries " + (at.seq() + 1) + " to " + head.seq() + " are missing")
                        : at;
            }
        }
    }

    private static @Nullable String wrong(Entry entry, long expected, String previous, Head head) {
        if (entry.seq() != expected) {
            return "entry " + expected + " is missing";
        }
        if (!entry.prevHash().equals(previous)) {
            return "entry " + expected + " does not follow the one before it";
        }
        String hash = Chain.hash(previous, entry.seq(), entry.eventId(), entry.recordedAt(), entry.body());
        if (entry.seq() == head.seq() && !entry.hash().equals(head.hash())) {
            return "entry " + expected + " was the last and is another one now";
        }
        return hash.equals(entry.hash()) ? null : "entry " + expected + " is not what was written";
    }
}
