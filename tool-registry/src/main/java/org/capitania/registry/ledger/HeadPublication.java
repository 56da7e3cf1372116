package org.capitania.registry.ledger;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.capitania.contract.event.LedgerHead;
import org.capitania.registry.ledger.LedgerStore.Head;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Publishes where each chain stands, once an hour, to where it cannot be written anew. */
@ApplicationScoped
class HeadPublication {
    private final Sql sql;
    private final Clock clock;
    private final LedgerStore store;

    HeadPublication(Sql sql, Clock clock, LedgerStore store) {
        this.sql = sql;
        this.clock = clock;
        this.store = store;
    }

    void start(
            @Observes StartupEvent event,
            Loops loops,
            Tenants tenants,
            @ConfigProperty(name = "hq.ledger.publish-heads", defaultValue = "true") boolean wanted) {
        if (!wanted) {
            return;
        }
        loops.every("ledger-heads", Duration.ofMinutes(1), () -> tenants.each(this::publish));
    }

    /** Publishes the heads that this hour has not seen; an empty chain has none. */
    void publish(String tenant) {
        Scope scope = Scope.of(tenant, "system:tool-registry", "the ledger's head of this hour");
        Instant now = clock.instant();
        sql.run(scope, tx -> {
            for (LedgerTable table : LedgerTable.values()) {
                Head head = store.head(tx, table);
                if (head.seq() > 0 && note(tx, table, now.truncatedTo(ChronoUnit.HOURS), head)) {
                    LedgerHead published = new LedgerHead(table.table(), head.seq(), head.hash(), now);
                    tx.publish(LedgerHead.TYPE, table.table(), published);
                }
            }
        });
    }

    private static boolean note(Tx tx, LedgerTable table, Instant hour, Head head) {
        return tx.execute(
                        "INSERT INTO ledger_head_notes (ledger, hour, seq, hash) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                        table.table(),
                        Times.db(hour),
                        head.seq(),
                        head.hash())
                == 1;
    }
}
