package org.capitania.cli.call;

import org.jspecify.annotations.Nullable;

/**
 * What the caller says about every call of a verb.
 *
 * @param tenant the fleet's own when absent
 * @param actor another person the owner acts for
 * @param reason why; kept with what the call changes
 */
public record CallOptions(
        @Nullable String tenant,
        @Nullable String actor,
        @Nullable String reason) {
    public static final CallOptions NONE = new CallOptions(null, null, null);
}
