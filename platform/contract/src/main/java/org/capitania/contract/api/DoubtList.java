package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/doubts}: what may or may not have happened, and waits for a person who has looked; newest first. */
public record DoubtList(List<Doubt> items) {
    /**
     * One.
     *
     * @param id the call, or the proposal that was carried out
     * @param why what is known
     * @param arguments what was asked for
     */
    public record Doubt(
            String id,
            @Nullable String proposalId,
            String tool,
            String actor,
            @Nullable String taskId,
            @Nullable String why,
            JsonNode arguments,
            Instant at) {}
}
