package org.capitania.contract.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All autonomy is stopped: from now on no agent changes anything ({@code autonomy.frozen}); key: the tenant. A doorbell only: whether autonomy is
 * frozen at this moment says {@code GET /v1/autonomy} of tool-registry.
 *
 * @param until when it ends by itself; absent: when the owner thaws it
 */
public record AutonomyFrozen(
        String freezeId,
        String reason,
        String by,
        Instant at,
        @Nullable Instant until) {
    public static final String TYPE = "autonomy.frozen";
}
