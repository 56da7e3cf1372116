package org.capitania.agentruntime.workspace;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The three sizes of model that a policy chooses from; configuration says which model each of them is. */
public enum ModelClass {
    @JsonProperty("haiku")
    HAIKU,
    @JsonProperty("sonnet")
    SONNET,
    @JsonProperty("opus")
    OPUS
}
