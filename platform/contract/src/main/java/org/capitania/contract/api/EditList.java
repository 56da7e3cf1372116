package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/edits}: what people made of drafts, newest first.
 *
 * @param next what {@code after} takes to go on behind them; null at the end
 */
public record EditList(List<Edit> items, @Nullable String next) {

    /**
     * What became of one draft.
     *
     * @param actionId the call that drafted it
     * @param editType {@code accepted}, {@code tweaked}, {@code rewrote} or {@code rejected}
     * @param diffScore how much of its words went or came, from 0 to 1; null for what was rejected
     * @param changes the arguments that were changed
     * @param tainted whether what was drafted may have words from outside in it
     */
    public record Edit(
            String id,
            String proposalId,
            String actionId,
            String agent,
            String tool,
            String editType,
            @Nullable Double diffScore,
            List<Change> changes,
            @Nullable String notes,
            String editedBy,
            Instant editedAt,
            boolean tainted) {}

    /** One argument as it was drafted and as it was approved; null where there was none. */
    public record Change(
            String path,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {}
}
