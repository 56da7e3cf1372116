package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
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
import org.capitania.graph.types.Types;
import org.jspecify.annotations.Nullable;

/** Plans what a batch does to edges. */
final class EdgeOps {
    /** What ends or begins so soon may have done so already, by the clock of the store. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

    private final Types types;
    private final Workspace work;
    private final Draft actorProducer;
    private final Instant now;
    private final Map<String, EdgeDraft> edges = new LinkedHashMap<>();
    private final Map<UUID, Plan.Ended> ended = new LinkedHashMap<>();

    EdgeOps(Types types, Workspace work, Draft actorProducer, Instant now) {
        this.types = types;
        this.work = work;
        this.actorProducer = actorProducer;
        this.now = now;
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
                .orElseThrow(() -> NodeRules.unknownType(
                        at + "/type",
                        op.type(),
                        types.edges().stream().map(EdgeType::name).toList()));
        Draft from = work.resolve(op.from(), at + "/from");
        Draft to = work.resolve(op.to(), at + "/to");
        end(at + "/from", type.mayLeave(from.type), from, type, type.from());
        end(at + "/to", type.mayLeadTo(to.type), to, type, type.to());
        Instant validFrom = Draft.stored(op.validFrom());
        Instant validTo = Draft.stored(op.validTo());
        Optional<Found.Edge> there = same(i, validFrom, validTo);
        if (there.isPresent()) {
            return result("link", there.get().id(), there.get().version(), false, false);
        }
        String key = EdgeDraft.key(type, from, to, validFrom, validTo);
        EdgeDraft twin = edges.get(key);
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
                validFrom,
                validTo,
                op.confidence(),
                Boolean.TRUE.equals(op.tainted()),
                i);
        if (validFrom != null && validTo != null && !validFrom.isBefore(validTo)) {
            work.errors.add(new FieldError(
                    at + "/valid_to",
                    validTo.toString(),
                    "later than valid_from " + validFrom,
                    "a period without time"));
        }
        edges.put(key, edge);
        return result("link", edge.id(), 1, true, true);
    }

    /** The edge that says already what a link wants to say; a period that overlaps another one of the same fact is refused. */
    private Optional<Found.Edge> same(int i, @Nullable Instant from, @Nullable Instant to) {
        boolean sinceNow = from == null && to == null;
        Instant begin = sinceNow ? now.plus(CLOCKS_APART) : from;
        if (begin == null) {
            // It begins by the store's clock, and the store looks.
            return Optional.empty();
        }
        List<Found.Edge> there = work.found.links(i).stream()
                .filter(edge -> !ended.containsKey(edge.id()) && !edge.withdrawn())
                .toList();
        Optional<Found.Edge> covering = there.stream()
                .filter(edge -> edge.covers(begin, sinceNow ? begin : to))
                .findFirst();
        if (covering.isEmpty()) {
            there.stream().filter(edge -> edge.overlaps(begin, to)).findFirst().ifPresent(edge -> {
                throw MutationStore.overlap(
                        "/ops/" + i,
                        null,
                        "the edge " + edge.id() + " holds from " + edge.validFrom() + " to "
                                + (edge.validTo() == null ? "no end" : edge.validTo()));
            });
        }
        return covering;
    }

    OpResult unlink(int i, MutationOp.Unlink op) {
        Found.Edge edge = (op.id() != null ? work.found.edge(op.id()) : work.found.holding(i, now))
                .orElseThrow(() -> new CapitaniaException(
                        ErrorCode.NOT_FOUND,
                        "/ops/" + i + ": there is no edge "
                                + (op.id() != null ? op.id() : op.type() + " from " + op.from() + " to " + op.to())));
        if (op.version() != null && op.version() != edge.version()) {
            throw new CapitaniaException(
                    ErrorCode.VERSION_CONFLICT,
                    "/ops/" + i + ": the edge is at version " + edge.version() + ", not " + op.version());
        }
        boolean over = edge.over(now);
        if (over || ended.containsKey(edge.id())) {
            return result("unlink", edge.id(), over ? edge.version() : edge.version() + 1, false, false);
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
