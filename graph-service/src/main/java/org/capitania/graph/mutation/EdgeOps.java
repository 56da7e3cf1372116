package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationOp;
import org.capitania.contract.api.MutationResult.OpResult;
import org.capitania.graph.types.EdgeType;
import org.capitania.graph.types.TypeCatalogue;

/** Plans what a batch does to edges. */
final class EdgeOps {
    private final TypeCatalogue types;
    private final Workspace work;
    private final Draft actorProducer;
    private final Map<String, EdgeDraft> edges = new LinkedHashMap<>();
    private final Map<UUID, Plan.Ended> ended = new LinkedHashMap<>();

    EdgeOps(TypeCatalogue types, Workspace work, Draft actorProducer) {
        this.types = types;
        this.work = work;
        this.actorProducer = actorProducer;
    }

    Collection<EdgeDraft> made() {
        return edges.values();
    }

    Collection<Plan.Ended> ended() {
        return ended.values();
    }

    OpResult link(int i, MutationOp.Link op) {
        String at = "/ops/" + i;
        EdgeType type = types.edge(op.type())
                .orElseThrow(() -> NodeOps.unknownType(
                        at + "/type",
                        op.type(),
                        types.edges().stream().map(EdgeType::name).toList()));
        Draft from = work.resolve(op.from(), at + "/from");
        Draft to = work.resolve(op.to(), at + "/to");
        end(at + "/from", type.mayLeave(from.type), from, type, type.from());
        end(at + "/to", type.mayLeadTo(to.type), to, type, type.to());
        Optional<Found.Edge> live = work.found.link(i).filter(edge -> !ended.containsKey(edge.id()));
        if (live.isPresent()) {
            return result("link", live.get().id(), live.get().version(), false, false);
        }
        EdgeDraft twin = edges.get(EdgeDraft.key(type, from, to));
        if (twin != null) {
            return result("link", twin.id(), 1, false, false);
        }
        ObjectNode props = op.props() == null ? Json.MAPPER.createObjectNode() : NodeOps.withoutNulls(op.props());
        work.errors.addAll(type.props().check(props, at + "/props"));
        EdgeDraft edge = new EdgeDraft(
                work.newId(),
                type,
                from,
                to,
                props,
                op.producer() == null ? actorProducer : work.producer(op.producer(), at + "/producer"),
                Draft.stored(op.validFrom()),
                Draft.stored(op.validTo()),
                op.confidence(),
                Boolean.TRUE.equals(op.tainted()),
                i);
        edges.put(EdgeDraft.key(type, from, to), edge);
        return result("link", edge.id(), 1, true, true);
    }

    OpResult unlink(int i, MutationOp.Unlink op) {
        Found.Edge edge = (op.id() != null ? work.found.edge(op.id()) : work.found.link(i))
                .orElseThrow(() -> new CapitaniaException(
                        ErrorCode.NOT_FOUND,
                        "/ops/" + i + ": there is no edge "
                                + (op.id() != null ? op.id() : op.type() + " from " + op.from() + " to " + op.to())));
        if (op.version() != null && op.version() != edge.version()) {
            throw new CapitaniaException(
                    ErrorCode.VERSION_CONFLICT,
                    "/ops/" + i + ": the edge is at version " + edge.version() + ", not " + op.version());
        }
        if (edge.ended() || ended.containsKey(edge.id())) {
            return result("unlink", edge.id(), edge.ended() ? edge.version() : edge.version() + 1, false, false);
        }
        ended.put(edge.id(), new Plan.Ended(edge.id(), edge.version(), Draft.stored(op.validTo())));
        return result("unlink", edge.id(), edge.version() + 1, false, true);
    }

    private void end(String path, boolean allowed, Draft node, EdgeType type, List<String> ends) {
        if (!allowed) {
            String names = String.join(", ", ends);
            work.errors.add(new FieldError(
                    path,
                    node.type,
                    names,
                    "no edge " + type.name() + " has a " + node.type + " at this end; allowed are " + names));
        }
    }

    private static OpResult result(String op, UUID id, int version, boolean created, boolean changed) {
        return new OpResult(op, null, id.toString(), null, version, created, changed);
    }
}
