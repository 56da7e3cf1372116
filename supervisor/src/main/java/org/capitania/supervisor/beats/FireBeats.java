package org.capitania.supervisor.beats;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
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
import org.capitania.supervisor.roster.AgentStore;
import org.jspecify.annotations.Nullable;

/**
 * Fires beats whose time has come. A due time is a row, its event is written with what becomes of it, and the row is locked meanwhile: it
 * fires once, however many supervisors look, and also when they were all away at the time.
 */
@ApplicationScoped
class FireBeats {
    /** The one beat that this service obeys itself. */
    private static final String ROTATION = "session_rotation";

    private final Sql sql;
    private final Tenants tenants;
    private final Beats beats;
    private final BeatStore store;
    private final CompanyZone zones;
    private final AgentStore agents;
    private final BeatsConfig config;

    FireBeats(
            Sql sql,
            Tenants tenants,
            Beats beats,
            BeatStore store,
            CompanyZone zones,
            AgentStore agents,
            BeatsConfig config) {
        this.sql = sql;
        this.tenants = tenants;
        this.beats = beats;
        this.store = store;
        this.zones = zones;
        this.agents = agents;
        this.config = config;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        tenants.ids().forEach(tenant -> loops.every("beats-" + tenant, config.look(), () -> round(tenant)));
        loops.every(
                "forget-beats",
                Duration.ofHours(6),
                () -> tenants.each(tenant -> sql.run(scope(tenant), tx -> store.forget(tx, config.keep()))));
    }

    /** Looks once at a tenant's beats. */
    void round(String tenant) {
        Optional<ZoneId> zone = zones.of(tenant);
        // Only looked at as a rule, so that nobody is told of a commit each second.
        if (sql.read(scope(tenant), tx -> !unplanned(tx, zone).isEmpty() || store.anyDue(tx))) {
            sql.run(scope(tenant), tx -> {
                unplanned(tx, zone)
                        .forEach((beat, of) -> store.plan(tx, beat.name(), beat.cron(), of, firstDue(tx, beat, of)));
                store.due(tx).forEach(due -> fire(tx, due));
            });
        }
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

    /** Schedules that are new, or other than they were, with their zones; they count from now on. */
    private Map<Beat, ZoneId> unplanned(Tx tx, Optional<ZoneId> zone) {
        Map<Beat, ZoneId> unplanned = new LinkedHashMap<>();
        Map<String, Stored> all = store.all(tx);
        for (Beat beat : beats.all()) {
            @Nullable Stored stored = all.get(beat.name());
            ZoneId now =
                    zone.orElseGet(() -> stored == null ? zones.known(tx.scope().tenant()) : stored.zone());
            if (stored == null
                    || !stored.cron().equals(beat.cron())
                    || !stored.zone().equals(now)) {
                unplanned.put(beat, now);
            }
        }
        return unplanned;
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
        if (waits(tx, beat.get())) {
            return;
        }
        Beat.Turn turn = beat.get().turn(dueAt, store.now(tx), due.zone(), config.late());
        boolean fires = turn.fires() && !quiet(tx, beat.get(), due);
        String quiet = beat.get().quiet();
        boolean news = store.note(tx, due.name(), turn.dueAt(), turn.before(), fires ? "fired" : "skipped");
        if (news && fires) {
            publish(tx, beat.get(), turn.dueAt(), turn.before(), due.zone());
        } else if (news && turn.fires() && quiet != null) {
            publish(tx, quiet, null, turn.dueAt(), turn.before(), due.zone());
        }
        store.next(tx, due.name(), turn.nextDueAt());
    }

    /** Whether the beat that comes first has still to be fired: then the next look fires this one. Whoever is at that one is waited for. */
    private boolean waits(Tx tx, Beat beat) {
        String after = beat.after();
        return after != null
                && store.lock(tx, after)
                        .map(Stored::nextDueAt)
                        .filter(due -> !due.isAfter(store.now(tx)))
                        .isPresent();
    }

    /** It would wake an agent, and nothing has happened since it last did: no model is asked about a day on which nothing was. */
    private boolean quiet(Tx tx, Beat beat, Stored due) {
        Instant last = due.lastFiredAt();
        return beat.role() != null && !store.anyNews(tx, last == null ? Instant.EPOCH : last);
    }

    private void publish(Tx tx, Beat beat, Instant dueAt, int missed, ZoneId zone) {
        if (beat.name().equals(ROTATION)) {
            agents.lockAll(tx).forEach(agent -> agents.freshen(tx, agent.role()));
        }
        publish(tx, beat.name(), beat.role(), dueAt, missed, zone);
    }

    private static void publish(Tx tx, String name, @Nullable String role, Instant dueAt, int missed, ZoneId zone) {
        tx.publishTo(
                Topics.of(BeatFired.TYPE),
                BeatFired.TYPE,
                name,
                name,
                new BeatFired(name, role, dueAt, missed, zone.getId()));
    }

    private static CapitaniaException unknown(String name) {
        return new CapitaniaException(ErrorCode.NOT_FOUND, "there is no beat " + name + "; GET /v1/beats lists them");
    }

    private static Scope scope(String tenant) {
        return Scope.of(tenant, "system:supervisor", "a beat is due");
    }
}
