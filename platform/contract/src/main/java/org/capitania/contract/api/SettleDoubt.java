package org.capitania.contract.api;

import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/doubts}: a person has looked, and says whether it happened.
 *
 * @param id of the doubt
 * @param happened whether it did; null is refused
 * @param note how they know
 */
public record SettleDoubt(
        String id, @Nullable Boolean happened, @Nullable String note) {}
