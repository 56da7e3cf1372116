package org.capitania.graphclient;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationBatch.SemanticEvent;
import org.capitania.contract.api.MutationOp;
import org.jspecify.annotations.Nullable;

/** Builds a {@link MutationBatch}, op by op; a node of the batch is named {@code @ref}, any other by id or slug. */
public final class Batch {
    private final List<MutationOp> ops = new ArrayList<>();
    private final List<SemanticEvent> events = new ArrayList<>();

    /** Makes a node, known as {@code @ref} in the rest of the batch. */
    public Batch create(String ref, String type, Consumer<NewNode> describe) {
        NewNode node = new NewNode(ref, type);
        describe.accept(node);
        ops.add(node.op());
        return this;
    }

    /** Changes a node, whatever version it is at. */
    public Batch patch(String node, Consumer<NodePatch> describe) {
        NodePatch patch = new NodePatch(node);
        describe.accept(patch);
        ops.add(patch.op());
        return this;
    }

    public Batch archive(String node) {
        ops.add(new MutationOp.Archive(node, null));
        return this;
    }

    /** States an edge; one that is there already stays. */
    public Batch link(String from, String type, String to) {
        return link(from, type, to, null);
    }

    /** The same with props of the edge. */
    public Batch link(String from, String type, String to, @Nullable Object props) {
        ops.add(new MutationOp.Link(type, from, to, object(props), null, null, null, null, null));
        return this;
    }

    /** Ends an edge. */
    public Batch unlink(String from, String type, String to) {
        ops.add(new MutationOp.Unlink(null, type, from, to, null, null));
        return this;
    }

    /** Any other op. */
    public Batch add(MutationOp op) {
        ops.add(op);
        return this;
    }

    /** Sends an event with the change; {@code data} is its payload record. */
    public Batch event(String type, String key, Object data) {
        events.add(new SemanticEvent(type, key, null, Json.tree(data), null, null));
        return this;
    }

    /** Sends an event with the change only if the create of {@code @ref} makes its node. */
    public Batch eventIfCreated(String ref, String type, String key, Object data) {
        events.add(new SemanticEvent(type, key, null, Json.tree(data), ref, null));
        return this;
    }

    /** Any other event. */
    public Batch add(SemanticEvent event) {
        events.add(event);
        return this;
    }

    public MutationBatch build() {
        return new MutationBatch(ops, events);
    }

    static @Nullable ObjectNode object(@Nullable Object props) {
        return props == null ? null : Json.convert(props, ObjectNode.class);
    }
}
