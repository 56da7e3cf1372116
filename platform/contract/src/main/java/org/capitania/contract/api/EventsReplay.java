package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events of graph-service to publish once more ({@code POST /v1/events/replays}). What the outbox still keeps (seven days) has the ids it had. Changes of the
 * graph go back to the beginning of history: where the outbox no longer has all of them they come from there, each with its version but
 * under a new id. Semantic events are not reached beyond the outbox.
 *
 * @param topics Kafka topics
 * @param since not older than this; absent: all that is kept
 * @param until older than this; absent: up to now
 * @param after go on after this, which the answer before named
 */
public record EventsReplay(
        List<String> topics,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String after) {

    @JsonCreator
    public EventsReplay(
            @Nullable List<String> topics, @Nullable Instant since, @Nullable Instant until, @Nullable String after) {
        this.topics = topics == null ? List.of() : List.copyOf(topics);
        this.since = since;
        this.until = until;
        this.after = after;
    }

    /** A replay from its beginning. */
    public EventsReplay(List<String> topics, @Nullable Instant since, @Nullable Instant until) {
        this(topics, since, until, null);
    }

    /**
     * What is on its way again.
     *
     * @param events how many
     * @param next where to go on, by the same question with it as {@code after}; absent: all is on its way
     */
    public record Result(long events, @Nullable String next) {}
}
