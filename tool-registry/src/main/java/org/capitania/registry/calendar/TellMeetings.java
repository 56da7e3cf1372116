package org.capitania.registry.calendar;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.event.MeetingDue;
import org.capitania.contract.event.MeetingDue.Guest;
import org.capitania.registry.calendar.Meetings.Meeting;
import org.capitania.registry.graph.Insiders;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;

/** Tells of meetings with people from outside a day ahead ({@link MeetingDue}): once for each time they have, whoever looks. No model is involved. */
@ApplicationScoped
class TellMeetings {
    private final Sql sql;
    private final Meetings meetings;
    private final Insiders company;
    private final MeetingsConfig config;

    TellMeetings(Sql sql, Meetings meetings, Insiders company, MeetingsConfig config) {
        this.sql = sql;
        this.meetings = meetings;
        this.company = company;
        this.config = config;
    }

    void start(@Observes StartupEvent event, Loops loops, Tenants tenants) {
        tenants.ids().forEach(tenant -> loops.every("meetings-" + tenant, config.look(), () -> round(tenant)));
    }

    private void round(String tenant) {
        try {
            look(tenant);
        } catch (CapitaniaException e) {
            if (!e.code().type().retryable()) {
                throw e;
            }
            Log.debugf("meetings wait for the graph tenant=%s why=%s", tenant, e.detail());
        }
    }

    /** Looks once; how many were told. */
    int look(String tenant) {
        Scope scope = Scope.of(tenant, "system:tool-registry", "a meeting with people from outside is near");
        Map<String, Instant> told = sql.read(scope, TellMeetings::told);
        int news = 0;
        for (Meeting meeting : meetings.within(scope, config.ahead())) {
            if (meeting.startsAt().equals(told.get(meeting.key()))) {
                continue;
            }
            List<Guest> guests = meetings.outsiders(scope, meeting);
            if (!guests.isEmpty()) {
                Optional<String> language = company.language(scope);
                news += sql.tx(scope, tx -> tell(tx, meeting, language, guests));
            }
        }
        return news;
    }

    private static Map<String, Instant> told(Tx tx) {
        Map<String, Instant> told = new HashMap<>();
        tx.query("SELECT meeting, starts_at FROM meeting_notices WHERE starts_at > clock_timestamp()")
                .forEach(row -> told.put(row.getString("meeting"), Times.instant(row, "starts_at")));
        return told;
    }

    /** 0 when somebody else has told it meanwhile. */
    private static int tell(Tx tx, Meeting meeting, Optional<String> language, List<Guest> guests) {
        Optional<Row> news = tx.one("""
                INSERT INTO meeting_notices AS m (meeting, event_id, starts_at) VALUES ($1, $2, $3)
                ON CONFLICT (tenant_id, meeting) DO UPDATE
                   SET moved_from = m.starts_at, starts_at = excluded.starts_at, told_at = clock_timestamp()
                 WHERE m.starts_at <> excluded.starts_at
                RETURNING moved_from
                """, meeting.key(), meeting.event().id(), Times.db(meeting.startsAt()));
        news.ifPresent(row -> tx.publish(
                MeetingDue.TYPE,
                meeting.event().id(),
                new MeetingDue(
                        meeting.event().id(),
                        meeting.event().title(),
                        meeting.startsAt(),
                        Times.instantOrNull(row, "moved_from"),
                        meeting.zone().getId(),
                        language.orElse(null),
                        guests)));
        return news.isPresent() ? 1 : 0;
    }
}
