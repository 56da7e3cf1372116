package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.Batch;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/**
 * What the form of its tool does not say: that nobody answers what was said last in a conversation, so that it is nobody's turn there and
 * nothing becomes overdue. Whoever speaks next begins a turn again.
 */
@ApplicationScoped
class HqInteraction implements ToolHandler {
    private static final String CLOSED = "closed";

    private final Graph graph;
    private final Writes writes;

    HqInteraction(Graph graph, Writes writes) {
        this.graph = graph;
        this.writes = writes;
    }

    @Override
    public String tool() {
        return "hq_interaction";
    }

    @Override
    public Result call(Call call) {
        NodeView said = graph.node(call.scope(), call.text("ref"), "interaction");
        NodeView turn = turn(call, said);
        String last = turn.text("last_turn_at");
        if (last != null && OffsetDateTime.parse(last).toInstant().isAfter(at(said))) {
            throw new CapitaniaException(
                            ErrorCode.VERSION_CONFLICT, "somebody has spoken in its conversation since, at " + last)
                    .withHint("read the conversation anew, and name what was said last");
        }
        if (CLOSED.equals(turn.status())) {
            ObjectNode data = Json.MAPPER
                    .createObjectNode()
                    .put("id", turn.id())
                    .put("slug", turn.slug())
                    .put("version", turn.version())
                    .put("created", false);
            return Result.of(data);
        }
        boolean tainted = writes.tainted(call);
        return writes.apply(call, new Batch().patch(turn.id(), patch -> {
                    patch.version(turn.version()).status(CLOSED);
                    if (tainted) {
                        patch.tainted(true);
                    }
                }));
    }

    /** Whose turn it is in the conversation that it is part of. */
    private NodeView turn(Call call, NodeView said) {
        return graph.linked(call.scope(), said.id(), "part_of", EdgeView.Direction.OUT).stream()
                .filter(whole -> whole.type().equals("conversation"))
                .flatMap(conversation ->
                        graph
                                .linked(call.scope(), conversation.id(), "has_turn_state", EdgeView.Direction.OUT)
                                .stream())
                .findFirst()
                .map(turn -> graph.node(call.scope(), turn.id(), "turn_state"))
                .orElseThrow(() -> new CapitaniaException(
                        ErrorCode.NOT_FOUND,
                        said.slug() + " is part of no conversation in which it is anybody's turn"));
    }

    /** By the later of the clocks that tell when it was said: the sender's, and ours. */
    private static Instant at(NodeView said) {
        String received = said.text("received_at");
        return Stream.of(
                        said.occurredAt() == null ? said.createdAt() : said.occurredAt(),
                        received == null ? null : OffsetDateTime.parse(received).toInstant())
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
