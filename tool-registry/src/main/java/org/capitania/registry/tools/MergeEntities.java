package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.MutationOp;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.Batch;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Delivery;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.Presence;
import org.capitania.servicekit.Scope;

/** Merges one entity or contact into another, always by a proposal; the merge is written in the name of the person who approved it, as one mutation that can be undone exactly. */
@ApplicationScoped
class MergeEntities implements OutwardTool {
    private static final List<String> TYPES = List.of("entity", "contact");

    private final Graph graph;

    MergeEntities(Graph graph) {
        this.graph = graph;
    }

    @Override
    public String tool() {
        return "hq_entity";
    }

    @Override
    public String verb() {
        return "merge";
    }

    @Override
    public Draft draft(Call call) {
        NodeView goes = live(call, "ref");
        NodeView stays = live(call, "into");
        if (goes.id().equals(stays.id())) {
            throw new CapitaniaException(ErrorCode.SCHEMA_VIOLATION, "ref and into are the same entity " + goes.slug());
        }
        if (!goes.type().equals(stays.type())) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION, "a " + goes.type() + " is not merged into a " + stays.type());
        }
        ObjectNode effect = Json.MAPPER.createObjectNode();
        effect.put("id", goes.id()).put("into", stays.id()).put("message_id", "");
        return new Draft(
                businessKey(goes, stays),
                "",
                null,
                null,
                List.of(Graph.fact(goes), Graph.fact(stays)),
                new MergeRendering(goes, people(call, goes), stays, people(call, stays)).render(call.textOrNull("why")),
                effect,
                false);
    }

    @Override
    public JsonNode approved(JsonNode effect, String proposalId, String person) {
        return ((ObjectNode) effect.deepCopy()).put("proposal", proposalId).put("approved_by", person);
    }

    @Override
    public Delivery perform(Scope scope, JsonNode effect) {
        try {
            merge(scope, effect);
            return new Delivery.Sent(Json.MAPPER.createObjectNode());
        } catch (CapitaniaException e) {
            if (e.code() == ErrorCode.ALREADY_CLAIMED) {
                // The graph has carried out this very proposal, longer ago than it keeps the answer.
                return new Delivery.Sent(Json.MAPPER.createObjectNode().put("found", true));
            }
            return e.code().type() == ErrorType.UNAVAILABLE || e.code().type() == ErrorType.INTERNAL
                    ? new Delivery.InDoubt(e.detail())
                    : new Delivery.NotSent(e.detail(), e.code() == ErrorCode.VERSION_CONFLICT);
        }
    }

    /** Whether it happened need not be known: the graph does it once for a proposal and answers again what it answered first. */
    @Override
    public Presence look(Scope scope, JsonNode effect, Duration doubted) {
        return Presence.REPEATABLE;
    }

    @Override
    public JsonNode record(Scope scope, String effectId, JsonNode effect, Instant at) {
        ObjectNode record = Json.MAPPER.createObjectNode();
        record.put("merged", effect.path("id").asText())
                .put("into", effect.path("into").asText());
        MutationResult done = merge(scope, effect);
        return record.put("audit_event_id", done.auditEventId());
    }

    private MutationResult merge(Scope scope, JsonNode effect) {
        String proposal = effect.path("proposal").asText();
        Scope person = scope.withActor(effect.path("approved_by").asText())
                .withReason("merge asked for by " + scope.actor() + ", proposal " + proposal);
        MutationOp merge = new MutationOp.Merge(
                effect.path("id").asText(), effect.path("into").asText(), proposal);
        return graph.change(person, "merge:" + proposal, new Batch().add(merge));
    }

    private NodeView live(Call call, String argument) {
        NodeView node = graph.node(call.scope(), call.text(argument));
        if (!TYPES.contains(node.type())) {
            throw new CapitaniaException(
                    ErrorCode.NOT_FOUND, node.slug() + " is no entity and no contact but: " + node.type());
        }
        if (node.archivedAt() != null) {
            throw new CapitaniaException(
                            ErrorCode.SCHEMA_VIOLATION, node.slug() + " is archived; it may be merged already")
                    .withHint("hq_describe shows what it is a duplicate of");
        }
        return node;
    }

    private List<NodeView.Brief> people(Call call, NodeView entity) {
        return graph.linked(call.scope(), entity.id(), "works_for", EdgeView.Direction.IN);
    }

    /** The two as they are now, whichever way round: once one of them has changed, as by a merge that was undone, it is another act. */
    private static String businessKey(NodeView one, NodeView other) {
        return Canonical.sha256("merge "
                + String.join(
                        " ",
                        Stream.of(one, other)
                                .map(node -> node.id() + "@" + node.version())
                                .sorted()
                                .toList()));
    }
}
