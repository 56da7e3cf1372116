package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a tool call stands. */
public enum CallStatus {
    /** It is journalled and runs; only seen in the journal, never in an answer. */
    @JsonProperty("intent")
    INTENT,
    @JsonProperty("done")
    DONE,
    /** It was frozen and waits for the owner; nothing has happened outside. */
    @JsonProperty("proposed")
    PROPOSED,
    /** A rule forbade it; nothing has happened. */
    @JsonProperty("refused")
    REFUSED,
    @JsonProperty("failed")
    FAILED,
    /** Whether its effect happened cannot be known; a person has to look. */
    @JsonProperty("unknown")
    UNKNOWN
}
