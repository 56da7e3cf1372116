package org.capitania.registry.autonomy;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.AutonomyView;
import org.capitania.contract.api.AutonomyView.Freeze;
import org.capitania.contract.event.AutonomyFrozen;
import org.capitania.contract.event.AutonomyThawed;
import org.capitania.contract.event.LedgerAction;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Stops all autonomy and lets it go on; each with its event, in the transaction that does it. */
@ApplicationScoped
class Autonomy {
    private static final String CLOCK = "system:clock";

    private final Sql sql;
    private final Clock clock;
    private final Freezes freezes;

    Autonomy(Sql sql, Clock clock, Freezes freezes) {
        this.sql = sql;
        this.clock = clock;
        this.freezes = freezes;
    }

    /** Frozen when it returns; the same call id again changes nothing. */
    AutonomyView freeze(Scope scope, String id, String reason, @Nullable Instant until) {
        return sql.tx(scope, tx -> {
            if (until != null && freezes.past(tx, until)) {
                throw new CapitaniaException(ErrorCode.SCHEMA_VIOLATION, "until " + until + " is over already")
                        .withHint("give a moment that is still to come, or none: then only the owner thaws");
            }
            if (freezes.freeze(tx, id, reason, scope.actor(), until)) {
                tx.publish(
                        AutonomyFrozen.TYPE,
                        scope.tenant(),
                        new AutonomyFrozen(id, reason, scope.actor(), clock.instant(), until));
            }
            return view(tx);
        });
    }

    AutonomyView thaw(Scope scope, @Nullable String reason) {
        return sql.tx(scope, tx -> {
            List<String> ended = freezes.thaw(tx, scope.actor(), reason);
            if (!ended.isEmpty()) {
                tx.publish(AutonomyThawed.TYPE, scope.tenant(), thawed(scope.actor(), reason, ended));
            }
            return view(tx);
        });
    }

    AutonomyView look(Scope scope) {
        return sql.tx(scope, this::view);
    }

    /** Writes down that freezes have come to the end that was set for them; they ended by themselves, this only says so. */
    void expire(Scope scope) {
        sql.run(scope, tx -> {
            List<String> ended = freezes.expire(tx, CLOCK, "its time was over");
            ended.forEach(id -> tx.publish(LedgerAction.TYPE, "thaw:" + id, ledger(id)));
            if (!ended.isEmpty() && freezes.standing(tx).isEmpty()) {
                tx.publish(AutonomyThawed.TYPE, scope.tenant(), thawed(CLOCK, "its time was over", ended));
            }
        });
    }

    private AutonomyView view(Tx tx) {
        List<Freeze> standing = freezes.standing(tx);
        int open = tx.one("""
                        SELECT count(*)::int AS open FROM calls
                         WHERE status = 'intent' AND idempotency <> 'read' AND starts_with(actor, 'agent:')
                        """).map(row -> row.getInteger("open")).orElse(0);
        String summary = standing.isEmpty() ? "autonomy is not frozen" : Freezes.sentence(standing);
        return new AutonomyView(!standing.isEmpty(), summary, standing, open);
    }

    private AutonomyThawed thawed(String by, @Nullable String reason, List<String> ids) {
        return new AutonomyThawed(by, reason, clock.instant(), ids);
    }

    private LedgerAction ledger(String freezeId) {
        return LedgerAction.of(
                "thaw:" + freezeId,
                CLOCK,
                "hq_autonomy",
                Json.MAPPER.createObjectNode().put("action", "thaw").put("freeze", freezeId),
                clock.instant());
    }
}
