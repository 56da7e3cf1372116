package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is missing ({@code GET /v1/gaps/{name}}).
 *
 * @param severity {@code blocker}, {@code impactful} or {@code nice}
 * @param since since when it is amiss
 * @param ageSeconds how long that is
 * @param nodeIds the nodes it is about, the one that is amiss first
 * @param type the type of the first
 * @param slug the slug of the first
 * @param sentence what is missing, for people
 * @param tainted the sentence quotes what came from outside
 */
public record Gap(
        String severity,
        Instant since,
        long ageSeconds,
        List<String> nodeIds,
        String type,
        String slug,
        String sentence,
        boolean tainted) {

    /**
     * The rows of one gap, worst and oldest first.
     *
     * @param next what to give as {@code after} for the next page; absent on the last
     */
    public record Page(
            String name,
            String description,
            String agent,
            List<Gap> items,
            @Nullable String next) {}

    /**
     * How much of one gap there is ({@code GET /v1/gaps}).
     *
     * @param agent whose side it is on: {@code chief} outward, {@code operator} inward
     * @param worstSeverity absent when there is none
     * @param oldest since when the oldest is amiss
     */
    public record Summary(
            String name,
            String description,
            String agent,
            long count,
            @Nullable String worstSeverity,
            @Nullable Instant oldest,
            @Nullable Long oldestAgeSeconds) {}

    /**
     * Every gap there is, also those without a row.
     *
     * @param at the time they were asked for
     */
    public record Summaries(List<Summary> items, Instant at) {}
}
