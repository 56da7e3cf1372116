package org.capitania.contract.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the machine that the agents work on ({@code GET /v1/memory}, supervisor).
 *
 * @param availableMb what can still be had; absent where it cannot be told
 * @param swapMb swap in use; absent where it cannot be told
 * @param swappingSince since when so much swap is in use that only essential agents wake; absent while it is not
 */
public record MemoryView(
        @Nullable Long availableMb,
        @Nullable Long swapMb,
        @Nullable Instant swappingSince) {}
