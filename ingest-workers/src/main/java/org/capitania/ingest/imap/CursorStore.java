package org.capitania.ingest.imap;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;

/** How far a mailbox is read. */
@ApplicationScoped
class CursorStore {
    private final Sql sql;

    CursorStore(Sql sql) {
        this.sql = sql;
    }

    /**
     * A place in a mailbox.
     *
     * @param uidValidity another value makes all UIDs of before meaningless
     * @param nextUid all messages below are taken or refused
     * @param at when it was written
     */
    record Cursor(long uidValidity, long nextUid, Instant at) {}

    Optional<Cursor> find(Scope scope, String mailbox) {
        return sql.tx(
                scope,
                tx -> tx.one("SELECT uidvalidity, next_uid, updated_at FROM imap_cursors WHERE mailbox = $1", mailbox)
                        .map(row -> new Cursor(
                                row.getLong("uidvalidity"),
                                row.getLong("next_uid"),
                                Times.instant(row, "updated_at"))));
    }

    void put(Scope scope, String mailbox, long uidValidity, long nextUid) {
        sql.run(scope, tx -> tx.execute("""
                        INSERT INTO imap_cursors (mailbox, uidvalidity, next_uid) VALUES ($1, $2, $3)
                        ON CONFLICT (tenant_id, mailbox)
                        DO UPDATE SET uidvalidity = EXCLUDED.uidvalidity, next_uid = EXCLUDED.next_uid, updated_at = clock_timestamp()
                        """, mailbox, uidValidity, nextUid));
    }
}
