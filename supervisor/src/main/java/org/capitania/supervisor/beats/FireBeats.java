package org.capitania.supervisor.beats;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Topics;
import org.capitania.contract.event.BeatFired;
import org.capitania.servicekit.CompanyZone;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.beats.BeatStore.Stored;
import org.jspecify.annotations.Nullable;

/**
 * Fires beats whose time has come. A due time is a row, its event is written with what becomes of it, and the row is locked meanwhile: it
 * fires once, however many supervisors look, and also when they were all away at the time.
 */
@ApplicationScoped
class FireBeats {
    private final Sql sql;
    private final Tenants tenants;
    private final Beats beats;
    private final BeatStore store;
    private final CompanyZone zones;
    private final BeatsConfig config;

    FireBeats(Sql sql, Tenants tenants, Beats beats, BeatStore store, CompanyZone zones, BeatsConfig config) {
        this.sql = sql;
        this.tenants = tenants;
        this.beats = beats;
        this.store = store;
        this.zones = zones;
        this.config = config;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        loops.every("beats", config.look(), () -> tenants.each(this::round));
        loops.every(
                "forget-beats",
                Duration.ofHours(6),
                () -> tenants.each(tenant -> sql.run(scope(tenant), tx -> store.forget(tx, config.keep()))));
    }

    /** Looks once at a tenant's beats. */
    void round(String tenant) {
        Optional<ZoneId> zone = zones.of(tenant);
        sql.run(scope(tenant), tx -> {
            plan(tx, zone);
            store.due(tx).forEach(due -> fire(tx, due));
        });
    }

    /** Fires a beat at once because a person said so; its schedule stays as it is. */
    void byHand(Scope scope, String name) {
        Beat beat = beats.find(name).orElseThrow(() -> unknown(name));
        sql.run(scope, tx -> {
            Stored stored = store.lock(tx, name).orElseThrow(() -> unknown(name));
            Instant now = store.now(tx).truncatedTo(ChronoUnit.MILLIS);
            store.note(tx, name, now, 0, "by_hand");
            publish(tx, beat, now, 0, stored.zone());
        });
    }

    /** A schedule that is new, or other than it was, counts from now on. */
    private void plan(Tx tx, Optional<ZoneId> zone) {
        Map<String, Stored> all = store.all(tx);
        for (Beat beat : beats.all()) {
            @Nullable Stored stored = all.get(beat.name());
            ZoneId now =
                    zone.orElseGet(() -> stored == null ? zones.known(tx.scope().tenant()) : stored.zone());
            if (stored == null
                    || !stored.cron().equals(beat.cron())
                    || !stored.zone().equals(now)) {
                store.plan(tx, beat.name(), beat.cron(), now, firstDue(tx, beat, now));
            }
        }
    }

    private @Nullable Instant firstDue(Tx tx, Beat beat, ZoneId zone) {
        return beat.cron().equals(Beats.OFF) ? null : Cron.parse(beat.cron()).next(store.now(tx), zone);
    }

    private void fire(Tx tx, Stored due) {
        Optional<Beat> beat = beats.find(due.name());
        Instant dueAt = due.nextDueAt();
        if (beat.isEmpty() || dueAt == null) {
            // Another version of this service knows it.
            return;
        }
        Beat.Turn turn = beat.get().turn(dueAt, store.now(tx), due.zone(), config.late());
        boolean news = store.note(tx, due.name(), turn.dueAt(), turn.before(), turn.fires() ? "fired" : "skipped");
        if (news && turn.fires()) {
            publish(tx, beat.get(), turn.dueAt(), turn.before(), due.zone());
        }
        store.next(tx, due.name(), turn.nextDueAt());
    }

    private static void publish(Tx tx, Beat beat, Instant dueAt, int missed, ZoneId zone) {
        tx.publishTo(
                Topics.of(BeatFired.TYPE),
                BeatFired.TYPE,
                beat.name(),
                beat.name(),
                new BeatFired(beat.name(), beat.role(), dueAt, missed, zone.getId()));
    }

    private static CapitaniaException unknown(String name) {
        return new CapitaniaException(ErrorCode.NOT_FOUND, "there is no beat " + name + "; GET /v1/beats lists them");
    }

    private static Scope scope(String tenant) {
        return Scope.of(tenant, "system:supervisor", "a beat is due");
    }
}
