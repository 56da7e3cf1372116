package org.capitania.registry.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.registry.ledger.LedgerStore.Entry;
import org.capitania.registry.ledger.LedgerStore.Head;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** Walks a chain from its first entry to the last that was ever written and finds the first one that was edited, removed or moved. */
@ApplicationScoped
class LedgerVerifier {
    private static final int PAGE = 1000;

    /**
     * What was found.
     *
     * @param head the hash of the last entry; whoever noted it earlier sees a chain that was written anew from some entry on
     * @param brokenAt the first entry that does not follow from the one before
     */
    record Verdict(
            String table,
            long entries,
            String head,
            @Nullable Long brokenAt,
            @Nullable String reason) {
        boolean holds() {
            return brokenAt == null;
        }
    }

    private final Sql sql;
    private final LedgerStore store;

    LedgerVerifier(Sql sql, LedgerStore store) {
        this.sql = sql;
        this.store = store;
    }

    Verdict verify(Scope scope, LedgerTable table) {
        // Read before the walk: entries that come meanwhile are behind it.
        Head head = sql.tx(scope, tx -> store.head(tx, table));
        long seq = 0;
        String hash = Chain.ROOT;
        while (true) {
            long from = seq;
            List<Entry> page = sql.tx(scope, tx -> store.after(tx, table, from, PAGE));
            for (Entry entry : page) {
                String wrong = wrong(entry, seq + 1, hash, head);
                if (wrong != null) {
                    return new Verdict(table.table(), seq, hash, seq + 1, wrong);
                }
                seq = entry.seq();
                hash = entry.hash();
            }
            if (page.size() < PAGE) {
                if (seq < head.seq()) {
                    return new Verdict(
                            table.table(),
                            seq,
                            hash,
                            seq + 1,
                            "entries " + (seq + 1) + " to " + head.seq() + " are missing");
                }
                return new Verdict(table.table(), seq, hash, null, null);
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
