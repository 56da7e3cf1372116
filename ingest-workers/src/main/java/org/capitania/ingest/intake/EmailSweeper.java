package org.capitania.ingest.intake;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorType;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/** Takes up every mail that a crash, an outage or a fault has left on its way. */
@ApplicationScoped
public class EmailSweeper {
    /** The name of its loop. */
    public static final String LOOP = "email-sweeper";

    private static final int BATCH = 20;

    private final EmailStore emails;
    private final LinkEmail link;
    private final IntakeConfig config;
    private final Tenants tenants;
    private final Loops loops;
    private final Sql sql;

    EmailSweeper(EmailStore emails, LinkEmail link, IntakeConfig config, Tenants tenants, Loops loops, Sql sql) {
        this.emails = emails;
        this.link = link;
        this.config = config;
        this.tenants = tenants;
        this.loops = loops;
        this.sql = sql;
    }

    void start(@Observes StartupEvent event) {
        loops.every(LOOP, config.sweepEvery(), () -> tenants.each(this::sweep));
    }

    /** Tries again at once what waits, and what was given up; returns how many had been given up. */
    public int requeue(Scope scope) {
        int requeued = sql.tx(scope, emails::requeue);
        loops.wake(LOOP);
        return requeued;
    }

    private void sweep(String tenant) {
        Scope scope = Scope.of(tenant, ReceiveEmail.ACTOR, "taking up unfinished mail");
        for (UUID id : sql.tx(scope, tx -> emails.due(tx, BATCH))) {
            if (sql.tx(scope, tx -> emails.claim(tx, id, config.resumeAfter())) && !attempt(tenant, id)) {
                return;
            }
        }
    }

    /** False when a peer is down, which the next mail would find too. */
    private boolean attempt(String tenant, UUID id) {
        try {
            link.attempt(tenant, id);
            return true;
        } catch (CapitaniaException e) {
            return e.code().type() != ErrorType.UNAVAILABLE;
        } catch (RuntimeException e) {
            // Noted with the mail; the others are not held up by it.
            Log.debugf(e, "an attempt failed tenant=%s email=%s", tenant, id);
            return true;
        }
    }
}
