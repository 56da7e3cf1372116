package org.capitania.registry.catalogue;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a tool touches. */
public enum ToolScope {
    /** It changes nothing anywhere. */
    @JsonProperty("read")
    READ,
    /** It speaks about the catalogue itself. */
    @JsonProperty("meta")
    META,
    /** It changes the company's own records. */
    @JsonProperty("write")
    WRITE,
    /** It reaches somebody outside the company. */
    @JsonProperty("outbound")
    OUTBOUND,
    /** It changes how agents run. */
    @JsonProperty("control")
    CONTROL;

    /** Whether a run that may only read may use it. */
    public boolean readOnly() {
        return this == READ || this == META;
    }
}
