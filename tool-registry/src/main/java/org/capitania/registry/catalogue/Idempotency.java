package org.capitania.registry.catalogue;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a call is recovered when the gateway died while it ran. */
public enum Idempotency {
    /** Run it again: it changes nothing. */
    @JsonProperty("read")
    READ,
    /** Run it again: the second time changes nothing more, by the call id as idempotency key. */
    @JsonProperty("idempotent")
    IDEMPOTENT,
    /** Look whether the effect happened, then finish or do it. */
    @JsonProperty("detectable")
    DETECTABLE,
    /** Nobody can tell: a person has to look. */
    @JsonProperty("blind")
    BLIND;

    public String wire() {
        return switch (this) {
            case READ -> "read";
            case IDEMPOTENT -> "idempotent";
            case DETECTABLE -> "detectable";
            case BLIND -> "blind";
        };
    }
}
