package org.capitania.registry.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.capitania.contract.event.LedgerHead;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** Holds a chain against the heads that were ever published of it, read from their topic's beginning. */
@ApplicationScoped
class PublishedHeads {
    private final Sql sql;
    private final LedgerStore store;
    private final TopicReading topics;

    PublishedHeads(Sql sql, LedgerStore store, TopicReading topics) {
        this.sql = sql;
        this.store = store;
        this.topics = topics;
    }

    /**
     * What the heads say.
     *
     * @param count how many there are
     * @param sound the last entry before all that is wrong whose head is the one that was published; 0: none
     * @param wrong the first head that is not that of its entry
     * @param gone whether that entry is not there at all
     */
    record Held(int count, long sound, @Nullable LedgerHead wrong, boolean gone) {}

    /** Holds the chain against them; what stands at {@code broken} and after it is known not to be sound. */
    Held hold(Scope scope, LedgerTable table, long broken) {
        Pass pass = new Pass(scope, table, broken);
        read(pass);
        if (pass.sound >= pass.limit()) {
            // Heads came out of their order: once more, now that it is known how far they can be trusted.
            pass = new Pass(scope, table, pass.limit());
            read(pass);
        }
        return new Held(pass.count, pass.sound, pass.wrong, pass.gone);
    }

    private void read(Pass pass) {
        topics.read(
                Topics.LEDGER_HEADS,
                pass.scope.tenant(),
                null,
                (records, extent) -> pass.hold(records.stream()
                        .map(record -> Json.read(record.value(), LedgerHead.class))
                        .filter(head -> head.ledger().equals(pass.table.table()))
                        .toList()));
    }

    /** One reading of them. */
    private final class Pass {
        private final Scope scope;
        private final LedgerTable table;
        private final long broken;
        private int count;
        private long sound;
        private @Nullable LedgerHead wrong;
        private boolean gone;

        Pass(Scope scope, LedgerTable table, long broken) {
            this.scope = scope;
            this.table = table;
            this.broken = broken;
        }

        long limit() {
            return wrong == null ? broken : Math.min(broken, wrong.seq());
        }

        void hold(List<LedgerHead> heads) {
            count += heads.size();
            Map<Long, String> hashes = sql.tx(
                    scope,
                    tx -> store.hashes(
                            tx, table, heads.stream().map(LedgerHead::seq).toArray(Long[]::new)));
            for (LedgerHead head : heads) {
                if (head.hash().equals(hashes.get(head.seq()))) {
                    sound = head.seq() < limit() ? Math.max(sound, head.seq()) : sound;
                } else if (wrong == null || head.seq() < wrong.seq()) {
                    wrong = head;
                    gone = !hashes.containsKey(head.seq());
                }
            }
        }
    }
}
