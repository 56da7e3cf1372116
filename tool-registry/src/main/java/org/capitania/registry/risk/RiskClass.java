package org.capitania.registry.risk;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a call waits for a person. The first four hold whatever was graduated; the last is what graduation lifts. */
public enum RiskClass {
    /** It cannot be undone, or touches money, law or compliance. */
    @JsonProperty("destructive")
    DESTRUCTIVE("destructive"),
    /** It reaches what belongs to the company as a whole, or to another agent. */
    @JsonProperty("cross_scope")
    CROSS_SCOPE("cross_scope"),
    /** It changes how agents run. */
    @JsonProperty("system_behaviour")
    SYSTEM_BEHAVIOUR("system_behaviour"),
    /** Something about it looks wrong. */
    @JsonProperty("heuristic")
    HEURISTIC("heuristic"),
    /** Its tool says that it always waits. */
    @JsonProperty("gated")
    GATED("gated"),
    /** It leaves the company, and the owner has not graduated it. */
    @JsonProperty("outbound")
    OUTBOUND("outbound");

    private final String wire;

    RiskClass(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }
}
