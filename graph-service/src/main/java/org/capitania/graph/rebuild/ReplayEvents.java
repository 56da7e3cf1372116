package org.capitania.graph.rebuild;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Topics;
import org.capitania.contract.api.EventsReplay;
import org.capitania.outbox.OutboxConfig;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/**
 * Gives published events to the relay once more: same ids, same order within a key; who has handled one ignores it. Changes of the graph
 * that the outbox no longer has come from history.
 */
@ApplicationScoped
class ReplayEvents {
    private static final Set<String> KNOWN =
            Topics.ALL.stream().map(Topics.Topic::name).collect(Collectors.toUnmodifiableSet());

    private final Sql sql;
    private final Clock clock;
    private final OutboxConfig outbox;
    private final ReplayHistory history;

    ReplayEvents(Sql sql, Clock clock, OutboxConfig outbox, ReplayHistory history) {
        this.sql = sql;
        this.clock = clock;
        this.outbox = outbox;
        this.history = history;
    }

    EventsReplay.Result run(Scope scope, EventsReplay wanted) {
        if (wanted.topics().isEmpty()) {
            throw invalid("/topics", null, "at least one topic");
        }
        for (String topic : wanted.topics()) {
            if (!KNOWN.contains(topic)) {
                throw invalid(
                        "/topics",
                        topic,
                        String.join(", ", KNOWN.stream().sorted().toList()));
            }
        }
        Instant since = wanted.since();
        Instant until = wanted.until();
        if (since != null && until != null && !since.isBefore(until)) {
            throw invalid("/until", until.toString(), "a time later than since " + since);
        }
        if (wanted.after() != null) {
            return history.goOn(scope, wanted, wanted.after());
        }
        reachable(wanted);
        List<String> beyond = history.beyondTheOutbox(scope, wanted);
        String[] kept = wanted.topics().stream()
                .filter(topic -> !beyond.contains(topic))
                .toArray(String[]::new);
        long again = sql.tx(
                scope,
                tx -> tx.one(
                                "SELECT outbox_replay($1, $2, $3) AS rows",
                                kept,
                                since == null ? null : Times.db(since),
                                until == null ? null : Times.db(until))
                        .orElseThrow()
                        .getLong("rows"));
        EventsReplay.Result older = history.begin(scope, wanted, beyond);
        return new EventsReplay.Result(again + older.events(), older.next());
    }

    /** What happened is in no history but the topics' own: to publish less than was asked for would look like all of it. */
    private void reachable(EventsReplay wanted) {
        Instant since = wanted.since();
        Instant reach = clock.instant().minus(outbox.keep());
        List<String> semantic = wanted.topics().stream()
                .filter(topic -> !ReplayHistory.KINDS.containsKey(topic))
                .toList();
        if (since != null && since.isBefore(reach) && !semantic.isEmpty()) {
            throw new CapitaniaException(
                            ErrorCode.HISTORY_REMOVED,
                            "events of " + String.join(", ", semantic) + " are kept here for "
                                    + outbox.keep().toDays() + " days, since " + reach.truncatedTo(ChronoUnit.SECONDS)
                                    + "; what is asked for begins at " + since)
                    .withHint("leave since out for all that is kept; older changes of the graph can be published again"
                            + " (" + Topics.GRAPH_NODES + ", " + Topics.GRAPH_EDGES
                            + "), older events are read from their topics: hq events tail --since");
        }
    }

    static CapitaniaException invalid(String path, @Nullable String found, String allowed) {
        String message = path + " is " + (found == null ? "empty" : found) + "; expected " + allowed;
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION, message, List.of(new FieldError(path, found, allowed, message)));
    }
}
