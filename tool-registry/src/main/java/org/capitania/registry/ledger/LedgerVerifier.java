package org.capitania.registry.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.capitania.contract.event.LedgerHead;
import org.capitania.registry.ledger.LedgerStore.Entry;
import org.capitania.registry.ledger.LedgerStore.Head;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/**
 * Walks a chain from its first entry to the last that was ever written and finds the first one that was edited, removed or moved; where all of it
 * was written anew so that it fits, the heads that were published tell.
 */
@ApplicationScoped
class LedgerVerifier {
    private static final int PAGE = 1000;

    /**
     * What was found.
     *
     * @param head the hash of the last entry
     * @param publishedHeads how many heads it was held against
     * @param brokenAt the first entry that is not what it was
     */
    record Verdict(
            String table,
            long entries,
            String head,
            int publishedHeads,
            @Nullable Long brokenAt,
            @Nullable String reason) {
        boolean holds() {
            return brokenAt == null;
        }
    }

    private final Sql sql;
    private final LedgerStore store;
    private final PublishedHeads published;

    LedgerVerifier(Sql sql, LedgerStore store, PublishedHeads published) {
        this.sql = sql;
        this.store = store;
        this.published = published;
    }

    /** Every chain of the tenant. */
    List<Verdict> verify(Scope scope) {
        List<LedgerHead> heads = published.of(scope.tenant());
        return Arrays.stream(LedgerTable.values())
                .map(table -> verify(scope, table, heads))
                .toList();
    }

    Verdict verify(Scope scope, LedgerTable table) {
        return verify(scope, table, published.of(scope.tenant()));
    }

    private Verdict verify(Scope scope, LedgerTable table, List<LedgerHead> all) {
        NavigableMap<Long, LedgerHead> heads = new TreeMap<>();
        all.stream()
                .filter(head -> head.ledger().equals(table.table()))
                .forEach(head -> heads.putIfAbsent(head.seq(), head));
        Walked walked = walk(scope, table, heads);
        long last = heads.isEmpty() ? 0 : heads.lastKey();
        if (walked.wrong() == null && last > walked.seq()) {
            walked = walked.stoppedBy("entries " + (walked.seq() + 1) + " to " + last
                    + " are missing; the head of entry " + last + " was published at "
                    + heads.lastEntry().getValue().at());
        }
        return new Verdict(
                table.table(),
                walked.seq(),
                walked.hash(),
                heads.size(),
                walked.wrong() == null ? null : walked.seq() + 1,
                walked.wrong());
    }

    /** How far the chain was found sound. */
    private record Walked(long seq, String hash, @Nullable String wrong) {
        Walked stoppedBy(String why) {
            return new Walked(seq, hash, why);
        }
    }

    private Walked walk(Scope scope, LedgerTable table, Map<Long, LedgerHead> heads) {
        // Read before the walk: entries that come meanwhile are behind it.
        Head head = sql.tx(scope, tx -> store.head(tx, table));
        Walked at = new Walked(0, Chain.ROOT, null);
        while (true) {
            long from = at.seq();
            List<Entry> page = sql.tx(scope, tx -> store.after(tx, table, from, PAGE));
            for (Entry entry : page) {
                String wrong = wrong(entry, at.seq() + 1, at.hash(), head, heads.get(entry.seq()));
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

    private static @Nullable String wrong(
            Entry entry, long expected, String previous, Head head, @Nullable LedgerHead published) {
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
        if (published != null && !published.hash().equals(entry.hash())) {
            return "entry " + expected + " was another one when its hash was published at " + published.at();
        }
        return hash.equals(entry.hash()) ? null : "entry " + expected + " is not what was written";
    }
}
