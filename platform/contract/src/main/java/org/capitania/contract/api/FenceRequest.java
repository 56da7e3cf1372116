package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens a run at the gateway ({@code POST /v1/fences}); the supervisor's alone. Runs of the role with a lower fence are closed by it; an ask-run raises
 * no fence and lives beside the role's run. Sent again for the same run it prolongs {@code expiresAt} and adds tasks.
 *
 * @param fence the fencing token; for an ask-run its own number
 * @param taskIds the tasks the run may act for
 * @param taintedTaskIds those of them whose trigger came from outside
 */
public record FenceRequest(
        String role,
        long fence,
        String runId,
        Kind kind,
        List<String> taskIds,
        @Nullable List<String> taintedTaskIds,
        Instant expiresAt) {

    /** A run acts; an ask-run may only read. */
    public enum Kind {
        @JsonProperty("run")
        RUN,
        @JsonProperty("ask")
        ASK
    }
}
