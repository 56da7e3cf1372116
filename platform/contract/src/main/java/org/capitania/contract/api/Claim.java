package org.capitania.contract.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The right to execute exactly this revision, once.
 *
 * @param digest of what the person approved; a frozen call with another digest may not be executed
 * @param expiresAt what has not begun by then is not begun any more
 */
public record Claim(
        String proposalId,
        int revision,
        String digest,
        String decidedBy,
        Instant decidedAt,
        @Nullable Instant expiresAt) {}
