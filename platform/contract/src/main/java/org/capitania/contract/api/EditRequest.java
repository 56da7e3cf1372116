package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/proposals/{id}/edit}: the whole new arguments; every check runs again and the proposal keeps waiting, as a new revision.
 *
 * @param digest of the revision the editor saw; another one by now: 409 {@code proposal_changed}
 */
public record EditRequest(
        JsonNode arguments,
        @Nullable String digest,
        @Nullable String reason) {}
