package org.capitania.graphclient;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationOp;
import org.jspecify.annotations.Nullable;

/** A node to be made, prop by prop. */
public final class NewNode {
    private final String ref;
    private final String type;
    private final ObjectNode props = Json.MAPPER.createObjectNode();
    private final List<String> tags = new ArrayList<>();
    private @Nullable String slug;
    private @Nullable String status;
    private @Nullable String priority;
    private @Nullable String producer;
    private @Nullable String owner;
    private @Nullable String externalSource;
    private @Nullable String externalId;
    private @Nullable Instant occurredAt;
    private @Nullable Double confidence;
    private boolean ifAbsent;
    private boolean tainted;

    NewNode(String ref, String type) {
        this.ref = ref;
        this.type = type;
    }

    /** Sets a prop; null leaves it out. */
    public NewNode prop(String name, @Nullable Object value) {
        if (value != null) {
            props.set(name, Json.tree(value));
        }
        return this;
    }

    /** Sets every member of a record or map as a prop. */
    public NewNode props(Object values) {
        props.setAll(Json.convert(values, ObjectNode.class));
        return this;
    }

    public NewNode slug(String value) {
        slug = value;
        return this;
    }

    public NewNode status(String value) {
        status = value;
        return this;
    }

    public NewNode priority(String value) {
        priority = value;
        return this;
    }

    public NewNode tag(String tag) {
        tags.add(tag);
        return this;
    }

    /** Where it comes from; without it, the producer of the actor. */
    public NewNode producer(String node) {
        producer = node;
        return this;
    }

    public NewNode owner(String node) {
        owner = node;
        return this;
    }

    /** The name it has elsewhere, unique for its type; another one with it is refused. */
    public NewNode external(String source, String id) {
        externalSource = source;
        externalId = id;
        return this;
    }

    /** The name it has elsewhere; the node that has it already is returned instead. */
    public NewNode externalIfAbsent(String source, String id) {
        ifAbsent = true;
        return external(source, id);
    }

    public NewNode occurredAt(@Nullable Instant time) {
        occurredAt = time;
        return this;
    }

    public NewNode confidence(double value) {
        confidence = value;
        return this;
    }

    /** Marks it as coming from outside. */
    public NewNode tainted(boolean value) {
        tainted = value;
        return this;
    }

    MutationOp.Create op() {
        return new MutationOp.Create(
                ref,
                type,
                slug,
                status,
                priority,
                props,
                tags.isEmpty() ? null : List.copyOf(tags),
                producer,
                owner,
                externalSource,
                externalId,
                ifAbsent ? Boolean.TRUE : null,
                occurredAt,
                null,
                null,
                confidence,
                tainted ? Boolean.TRUE : null);
    }
}
