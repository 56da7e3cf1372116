package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened around a node, newest first ({@code GET /v1/timeline?about=}).
 *
 * @param next what to give as {@code before} for the next page; absent on the last
 * @param settled with {@code as_of}: whether this answer is final. Absent otherwise
 */
public record Timeline(
        NodeView.Brief about,
        List<Entry> items,
        @Nullable Instant next,
        @Nullable Boolean settled) {

    public Timeline(NodeView.Brief about, List<Entry> items, @Nullable Instant next) {
        this(about, items, next, null);
    }

    /**
     * One thing that happened.
     *
     * @param at when it happened, or when it came to be known
     * @param via how it hangs together: the edge's type, with the node between where there is one, for example {@code from contact-ana-silva}
     */
    public record Entry(
            Instant at,
            String id,
            String slug,
            String type,
            String title,
            @Nullable String status,
            String via,
            boolean tainted) {}
}
