package org.capitania.registry.catalogue;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the gateway does with an agent's call of a tool. */
public enum Risk {
    /** It is executed at once. */
    @JsonProperty("direct")
    DIRECT,
    /** It leaves the company: frozen, unless the owner graduated this action. */
    @JsonProperty("outbound")
    OUTBOUND,
    /** It is always frozen, also when a person asks: somebody looks at it once more. */
    @JsonProperty("gated")
    GATED;

    public String wire() {
        return switch (this) {
            case DIRECT -> "direct";
            case OUTBOUND -> "outbound";
            case GATED -> "gated";
        };
    }
}
