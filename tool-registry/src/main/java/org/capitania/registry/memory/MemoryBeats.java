package org.capitania.registry.memory;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.event.BeatFired;
import org.capitania.contract.event.Event;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Outcome;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/** Obeys the two beats of memory, for every agent: what was heard is a row until it is done. */
@ApplicationScoped
public class MemoryBeats {
    private static final String MIRROR = "memory_mirror";
    private static final String TENDER = "memory_tender";
    private static final Set<String> KINDS = Set.of(MIRROR, TENDER);

    /** A beat rings the bell; this is for one that was heard by a process that is gone. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final Sql sql;
    private final Loops loops;
    private final Runs runs;
    private final TendMemories tender;

    MemoryBeats(Sql sql, Loops loops, Runs runs, TendMemories tender) {
        this.sql = sql;
        this.runs = runs;
        this.loops = loops;
        this.tender = tender;
    }

    /** Whether the event is of a kind that is heard here. */
    public static boolean hears(String type) {
        return type.equals(BeatFired.TYPE);
    }

    public Outcome handle(Event event, InboxScope inbox) {
        String name = event.as(BeatFired.class).name();
        if (KINDS.contains(name)) {
            inbox.run(tx -> {
                tx.execute("""
                        INSERT INTO memory_work (kind) VALUES ($1)
                        ON CONFLICT (tenant_id, kind) DO UPDATE SET asked_at = clock_timestamp()
                        """, name);
                tx.afterCommit(() -> loops.wake(loop(event.tenant())));
            });
        }
        return Outcome.DONE;
    }

    void start(@Observes StartupEvent event, Tenants tenants) {
        tenants.ids().forEach(tenant -> loops.every(loop(tenant), LOOK, () -> work(tenant)));
    }

    private static String loop(String tenant) {
        return "memory-" + tenant;
    }

    private record Asked(String kind, OffsetDateTime at) {}

    private void work(String tenant) {
        Scope scope = Scope.of(tenant, "system:tool-registry", "memory is tended by the clock");
        List<Asked> asked = new ArrayList<>();
        sql.read(scope, tx -> tx.query("SELECT kind, asked_at FROM memory_work ORDER BY asked_at, kind"))
                .forEach((Row row) -> asked.add(new Asked(row.getString("kind"), row.getOffsetDateTime("asked_at"))));
        for (Asked one : asked) {
            sql.read(scope, runs::roles).forEach(role -> obey(scope, one.kind(), role));
            sql.run(
                    scope,
                    tx -> tx.execute(
                            "DELETE FROM memory_work WHERE kind = $1 AND asked_at = $2", one.kind(), one.at()));
        }
    }

    private void obey(Scope scope, String kind, String role) {
        try {
            if (kind.equals(TENDER)) {
                tender.tend(scope, role);
            } else {
                tender.mirror(scope, role);
            }
        } catch (CapitaniaException e) {
            if (e.code().type().retryable() || e.code() == ErrorCode.VERSION_CONFLICT) {
                throw e;
            }
            Log.errorf("memory could not be tended tenant=%s role=%s why=%s", scope.tenant(), role, e.detail());
        }
    }
}
