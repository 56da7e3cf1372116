package org.capitania.contract.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a tenant's graph follows from its change topics ({@code POST /v1/rebuild/check}).
 *
 * @param nodes rebuilt from {@code hq.graph.nodes}
 * @param edges rebuilt from {@code hq.graph.edges}
 * @param differences rows that are not the same here and there
 * @param examples a few of them
 */
public record RebuildCheck(long nodes, long edges, long differences, List<Difference> examples) {

    /**
     * A row that differs.
     *
     * @param kind node or edge
     * @param live its version in the store; absent when it is not there
     * @param replayed its version in the topic; absent when it is not there
     */
    public record Difference(
            String kind,
            String id,
            @Nullable Integer live,
            @Nullable Integer replayed) {}
}
