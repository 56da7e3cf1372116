package org.capitania.graphclient;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationOp;
import org.jspecify.annotations.Nullable;

/** A change of a node; what is not said stays. */
public final class NodePatch {
    private final String node;
    private final ObjectNode props = Json.MAPPER.createObjectNode();
    private @Nullable Integer version;
    private @Nullable String status;
    private @Nullable String priority;
    private @Nullable List<String> tags;
    private @Nullable Instant validFrom;
    private @Nullable Boolean tainted;

    NodePatch(String node) {
        this.node = node;
    }

    /** Refuses the change when the node is not at this version any more. */
    public NodePatch version(int seen) {
        version = seen;
        return this;
    }

    /** Sets a prop; null removes it. */
    public NodePatch prop(String name, @Nullable Object value) {
        props.set(name, value == null ? props.nullNode() : Json.tree(value));
        return this;
    }

    public NodePatch status(String value) {
        status = value;
        return this;
    }

    public NodePatch priority(String value) {
        priority = value;
        return this;
    }

    public NodePatch tags(List<String> values) {
        tags = List.copyOf(values);
        return this;
    }

    /** Since when the new state is true; without it the whole period is corrected. */
    public NodePatch validFrom(Instant time) {
        validFrom = time;
        return this;
    }

    public NodePatch tainted(boolean value) {
        tainted = value;
        return this;
    }

    MutationOp.Patch op() {
        return new MutationOp.Patch(
                node,
                version,
                props.isEmpty() ? null : props,
                status,
                priority,
                tags,
                null,
                null,
                validFrom,
                null,
                null,
                tainted);
    }
}
