package org.capitania.contract.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A person decided on a proposal ({@code owner.decided}); key: the proposal. */
public record OwnerDecided(
        String proposalId,
        Decision decision,
        int revision,
        String digest,
        String by,
        @Nullable String reason,
        Instant decidedAt) {
    public static final String TYPE = "owner.decided";

    /** Decisions in the field's wire form. */
    public enum Decision {
        @com.fasterxml.jackson.annotation.JsonProperty("approve")
        APPROVE,
        @com.fasterxml.jackson.annotation.JsonProperty("edit")
        EDIT,
        @com.fasterxml.jackson.annotation.JsonProperty("reject")
        REJECT,
        @com.fasterxml.jackson.annotation.JsonProperty("respond")
        RESPOND
    }
}
