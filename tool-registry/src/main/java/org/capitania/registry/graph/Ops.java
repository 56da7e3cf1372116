package org.capitania.registry.graph;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationOp;
import org.jspecify.annotations.Nullable;

/** A batch of changes in the making. */
public final class Ops {
    private final List<MutationOp> ops = new ArrayList<>();

    /** A node that is made. */
    public record NewNode(
            String ref,
            String type,
            @Nullable String status,
            ObjectNode props,
            @Nullable String source,
            @Nullable String externalId,
            @Nullable Instant occurredAt,
            boolean tainted) {}

    /** Makes a node, or finds the one that has its external id. */
    public Ops create(NewNode n) {
        boolean named = n.externalId() != null;
        ops.add(new MutationOp.Create(
                n.ref(),
                n.type(),
                null,
                n.status(),
                null,
                n.props(),
                null,
                null,
                null,
                n.source(),
                n.externalId(),
                named ? Boolean.TRUE : null,
                n.occurredAt(),
                null,
                null,
                null,
                n.tainted() ? Boolean.TRUE : null));
        return this;
    }

    public Ops link(String type, String from, String to) {
        ops.add(new MutationOp.Link(type, from, to, null, null, null, null, null, null));
        return this;
    }

    /** Merges properties and sets the status, if one is given; a version other than {@code version} is a conflict. */
    public Ops patch(
            String id,
            @Nullable Integer version,
            @Nullable ObjectNode props,
            @Nullable String status,
            boolean tainted) {
        Boolean mark = tainted ? Boolean.TRUE : null;
        ops.add(new MutationOp.Patch(id, version, props, status, null, null, null, null, null, null, null, mark));
        return this;
    }

    public List<MutationOp> list() {
        return List.copyOf(ops);
    }

    public static ObjectNode props() {
        return Json.MAPPER.createObjectNode();
    }
}
