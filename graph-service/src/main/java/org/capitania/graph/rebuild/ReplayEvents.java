package org.capitania.graph.rebuild;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Topics;
import org.capitania.contract.api.EventsReplay;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/** Gives published events to the relay once more: same ids, same order within a key; who has handled one ignores it. */
@ApplicationScoped
class ReplayEvents {
    private static final Set<String> KNOWN =
            Topics.ALL.stream().map(Topics.Topic::name).collect(Collectors.toUnmodifiableSet());

    private final Sql sql;

    ReplayEvents(Sql sql) {
        this.sql = sql;
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
        return sql.tx(
                scope,
                tx -> new EventsReplay.Result(tx.one(
                                "SELECT outbox_replay($1, $2, $3) AS rows",
                                wanted.topics().toArray(String[]::new),
                                since == null ? null : Times.db(since),
                                until == null ? null : Times.db(until))
                        .orElseThrow()
                        .getLong("rows")));
    }

    private static CapitaniaException invalid(String path, @Nullable String found, String allowed) {
        String message = path + " is " + (found == null ? "empty" : found) + "; expected " + allowed;
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION, message, List.of(new FieldError(path, found, allowed, message)));
    }
}
