package org.capitania.graph.rebuild;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Topics;
import org.capitania.contract.api.EventsReplay;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Publishes changes of the graph from history, a bounded number a call: what others write meanwhile waits for no more than that. */
@ApplicationScoped
class ReplayHistory {
    /** What history there is of, by topic. */
    static final Map<String, String> KINDS = Map.of(Topics.GRAPH_NODES, "node", Topics.GRAPH_EDGES, "edge");

    private static final int PAGE = 500;
    private static final int MOST_IN_A_CALL = 5_000;
    private static final int MOST_WAITING = 20_000;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final int LOOKS = 300;

    private final Sql sql;

    ReplayHistory(Sql sql) {
        this.sql = sql;
    }

    /** Where a replay is: the kinds that are still to come, the first of them from after a row. */
    private record Place(List<String> kinds, UUID id, Instant recordedAt) {
        static Place at(List<String> kinds) {
            return new Place(kinds, new UUID(0, 0), Instant.EPOCH);
        }

        static Place parse(String text) {
            String[] parts = text.split(" ", -1);
            try {
                List<String> kinds = List.of(parts[0].split(","));
                if (parts.length == 3 && KINDS.values().containsAll(kinds)) {
                    return new Place(kinds, UUID.fromString(parts[1]), Instant.parse(parts[2]));
                }
            } catch (IllegalArgumentException | DateTimeException e) {
                throw wrong(text, e);
            }
            throw wrong(text, null);
        }

        String text() {
            return String.join(",", kinds) + " " + id + " " + recordedAt;
        }

        private static CapitaniaException wrong(String text, @Nullable Exception e) {
            CapitaniaException wrong = ReplayEvents.invalid("/after", text, "what an answer named as next");
            if (e != null) {
                wrong.addSuppressed(e);
            }
            return wrong;
        }
    }

    /** The wanted topics of which the outbox no longer has all that is asked for. */
    List<String> beyondTheOutbox(Scope scope, EventsReplay wanted) {
        return sql.tx(
                scope,
                tx -> wanted.topics().stream()
                        .filter(KINDS::containsKey)
                        .distinct()
                        .sorted()
                        .filter(topic -> tx.one(
                                        "SELECT history_is_longer($1, $2, $3) AS longer",
                                        KINDS.get(topic),
                                        time(wanted.since()),
                                        time(wanted.until()))
                                .orElseThrow()
                                .getBoolean("longer"))
                        .toList());
    }

    /** Publishes the first of some topics' changes. */
    EventsReplay.Result begin(Scope scope, EventsReplay wanted, List<String> topics) {
        return from(scope, wanted, Place.at(topics.stream().map(KINDS::get).toList()));
    }

    /** Publishes more, from where an answer said. */
    EventsReplay.Result goOn(Scope scope, EventsReplay wanted, String after) {
        Place place = Place.parse(after);
        List<String> asked = wanted.topics().stream()
                .map(topic -> KINDS.getOrDefault(topic, ""))
                .toList();
        if (!asked.containsAll(place.kinds())) {
            throw Place.wrong(after, null);
        }
        return from(scope, wanted, place);
    }

    private EventsReplay.Result from(Scope scope, EventsReplay wanted, Place begin) {
        Place place = begin;
        long events = 0;
        while (!place.kinds().isEmpty() && events < MOST_IN_A_CALL) {
            awaitRelay(scope);
            Place now = place;
            Row page = sql.tx(scope, tx -> page(tx, wanted, now));
            int told = page.getInteger("events");
            events += told;
            if (told < PAGE) {
                place = Place.at(place.kinds().subList(1, place.kinds().size()));
            } else {
                place = new Place(place.kinds(), page.getUUID("last_id"), Times.instant(page, "last_time"));
            }
        }
        return new EventsReplay.Result(events, place.kinds().isEmpty() ? null : place.text());
    }

    private static Row page(Tx tx, EventsReplay wanted, Place place) {
        return tx.one(
                        "SELECT events, last_id, last_time FROM history_replay($1, $2, $3, $4, $5, $6)",
                        place.kinds().getFirst(),
                        time(wanted.since()),
                        time(wanted.until()),
                        place.id(),
                        time(place.recordedAt()),
                        PAGE)
                .orElseThrow();
    }

    private void awaitRelay(Scope scope) {
        for (int looks = 0; backlog(scope) >= MOST_WAITING; looks++) {
            if (looks >= LOOKS) {
                throw new CapitaniaException(
                        ErrorCode.PEER_UNAVAILABLE, MOST_WAITING + " events wait for the broker, and none leaves");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private int backlog(Scope scope) {
        return sql.tx(
                scope,
                tx -> tx.one("SELECT outbox_backlog($1) AS waiting", MOST_WAITING)
                        .orElseThrow()
                        .getInteger("waiting"));
    }

    private static @Nullable Object time(@Nullable Instant time) {
        return time == null ? null : Times.db(time);
    }
}
