package org.capitania.contract.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * No freeze stands any more: agents may act again ({@code autonomy.thawed}); key: the tenant.
 *
 * @param by the owner, or {@code system:clock} when the last freeze came to the end that was set for it
 * @param freezeIds the freezes that ended with it
 */
public record AutonomyThawed(String by, @Nullable String reason, Instant at, List<String> freezeIds) {
    public static final String TYPE = "autonomy.thawed";
}
