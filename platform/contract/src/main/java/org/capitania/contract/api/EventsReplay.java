package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events of graph-service to publish once more, with their ids ({@code POST /v1/events/replays}); the outbox keeps what is seven days old at most.
 *
 * @param topics Kafka topics
 * @param since not older than this; absent: all that is kept
 * @param until older than this; absent: up to now
 */
public record EventsReplay(
        List<String> topics,
        @Nullable Instant since,
        @Nullable Instant until) {

    @JsonCreator
    public EventsReplay(@Nullable List<String> topics, @Nullable Instant since, @Nullable Instant until) {
        this.topics = topics == null ? List.of() : List.copyOf(topics);
        this.since = since;
        this.until = until;
    }

    /**
     * What is on its way again.
     *
     * @param events how many
     */
    public record Result(long events) {}
}
