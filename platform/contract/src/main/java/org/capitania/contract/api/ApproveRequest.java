package org.capitania.contract.api;

import org.jspecify.annotations.Nullable;

/** {@code POST /v1/proposals/{id}/approve}; what is given must be the current one, or the answer is 409 {@code proposal_changed}. */
public record ApproveRequest(
        @Nullable String digest, @Nullable Integer revision) {}
