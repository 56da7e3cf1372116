package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an agent does, computed from graph and ledger without a model ({@code GET /v1/figures/operator[?since=]} of tool-registry).
 *
 * @param since from when on the conflicts are; the figures say their own period in their names
 */
public record FiguresView(Instant since, List<Figure> figures, List<WriteConflict> writeConflicts) {

    /**
     * One figure of section 18.7 of the seeds.
     *
     * @param value 0 where there was nothing to measure; {@code holds} is null then
     * @param unit {@code ratio} (0 to 1) or {@code hours}
     * @param source what it was computed from
     * @param goal for people, such as {@code > 0.85}
     * @param holds whether the goal is reached
     */
    @JsonInclude
    public record Figure(
            String name,
            double value,
            String unit,
            String source,
            @Nullable String goal,
            @Nullable Boolean holds) {}

    /**
     * A node that agents changed in different tasks, an hour apart at the most.
     *
     * @param target the node's id
     * @param calls the ids of the calls, in order
     * @param actors the roles, each once
     * @param at when the last of them changed it
     */
    public record WriteConflict(String target, String title, List<String> calls, List<String> actors, Instant at) {}
}
