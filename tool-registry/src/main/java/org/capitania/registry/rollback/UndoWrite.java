package org.capitania.registry.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.HistoryEntry;
import org.capitania.contract.api.Rollback;
import org.capitania.contract.event.FrozenCall.Rendering;
import org.capitania.registry.curation.Reach;
import org.capitania.registry.files.UndoFile;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Delivery;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.Presence;
import org.capitania.registry.rollback.DirectWrites.Write;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;

/**
 * Takes back a write of the graph or of a file, whole and exactly, while nothing newer rests on it. An agent takes back what agents wrote; what a person wrote or
 * approved only a person takes back.
 */
@ApplicationScoped
class UndoWrite implements OutwardTool {
    private static final Duration SETTLED = Duration.ofSeconds(5);

    private final Peers peers;
    private final DirectWrites writes;
    private final UndoFile files;
    private final Reach reach;

    UndoWrite(Peers peers, DirectWrites writes, UndoFile files, Reach reach) {
        this.reach = reach;
        this.peers = peers;
        this.files = files;
        this.writes = writes;
    }

    @Override
    public String tool() {
        return "hq_proposal";
    }

    @Override
    public String verb() {
        return "rollback";
    }

    @Override
    public Draft draft(Call call) {
        String mutation = call.text("audit_event_id");
        Optional<Write> write = writes.find(call.scope(), mutation);
        if (!call.human() && write.filter(Write::agents).isEmpty()) {
            throw new CapitaniaException(ErrorCode.DENIED, mutation + " is no write that an agent made at once")
                    .withHint("what a person wrote or approved is taken back by a person: ask the owner");
        }
        write.map(Write::file)
                .filter(file -> !call.human())
                .flatMap(file -> reach.objection(call.role(), true, file))
                .ifPresent(objection -> {
                    throw new CapitaniaException(ErrorCode.CROSS_SCOPE_VIOLATION, objection)
                            .withHint("whoever may write there takes it back, or the owner");
                });
        String node = write.map(Write::nodeId).orElse(null);
        if (node != null) {
            requireNewest(call.scope(), node, mutation);
        }
        JsonNode file = write.map(Write::file).orElse(null);
        ObjectNode effect = file == null
                ? Json.MAPPER.createObjectNode().put("message_id", "").put("node_id", node)
                : files.of(call.scope(), file);
        effect.put("audit_event_id", mutation);
        String summary = "Take back "
                + write.map(w -> w.tool() + " of " + w.actor() + " (call " + w.callId() + ")")
                        .orElse("mutation " + mutation);
        return new Draft(
                Canonical.sha256("rollback", mutation),
                "",
                null,
                null,
                List.of(),
                new Rendering(summary, List.of(), null, summary, "**" + summary + "**\n", List.of()),
                effect,
                false);
    }

    private void requireNewest(Scope scope, String node, String mutation) {
        List<HistoryEntry> newer = history(scope, node).stream()
                .takeWhile(entry -> !mutation.equals(entry.mutationId()))
                .toList();
        if (!newer.isEmpty()) {
            HistoryEntry last = newer.getLast();
            throw new CapitaniaException(
                            ErrorCode.VERSION_CONFLICT,
                            newer.size() + " newer changes rest on it; the first is version " + last.version() + " by "
                                    + last.actor() + " at " + last.recordedAt()
                                    + (last.mutationId() == null ? "" : ", audit_event_id " + last.mutationId()))
                    .withHint("take back what came later first, the newest before the others");
        }
    }

    private List<HistoryEntry> history(Scope scope, String node) {
        return peers.get(
                        Service.GRAPH_SERVICE,
                        "/v1/nodes/" + node + "/history?limit=100",
                        scope,
                        HistoryEntry.Page.class)
                .items();
    }

    @Override
    public Delivery perform(Scope scope, JsonNode effect) {
        if (effect.has("path")) {
            return files.perform(scope, effect);
        }
        try {
            Rollback.Result done = peers.post(
                    Service.GRAPH_SERVICE,
                    "/v1/rollbacks",
                    scope,
                    new Rollback(effect.path("audit_event_id").asText()),
                    Rollback.Result.class,
                    PeerOptions.DEFAULT.onBehalfOf(scope.actor()));
            return new Delivery.Sent(Json.tree(done));
        } catch (CapitaniaException e) {
            return e.code().type() == ErrorType.UNAVAILABLE || e.code().type() == ErrorType.INTERNAL
                    ? new Delivery.InDoubt(e.detail())
                    : new Delivery.NotSent(e.detail(), false);
        }
    }

    /** A rollback is a mutation of its own and says of which: the node's history has it, or it did not happen. */
    @Override
    public Presence look(Scope scope, JsonNode effect, Duration doubted) {
        if (effect.has("path")) {
            return files.look(scope, effect);
        }
        if (!effect.hasNonNull("node_id")) {
            return Presence.UNKNOWABLE;
        }
        try {
            if (undone(scope, effect).isPresent()) {
                return Presence.FOUND;
            }
            // What was asked for and not answered may still be under way there.
            return doubted.compareTo(SETTLED) < 0 ? Presence.TOO_EARLY : Presence.ABSENT;
        } catch (CapitaniaException e) {
            return e.code().type() == ErrorType.UNAVAILABLE ? Presence.TOO_EARLY : Presence.UNKNOWABLE;
        }
    }

    private Optional<HistoryEntry> undone(Scope scope, JsonNode effect) {
        String mark = "rollback of " + effect.path("audit_event_id").asText();
        return history(scope, effect.path("node_id").asText()).stream()
                .filter(entry -> entry.reason() != null && entry.reason().startsWith(mark))
                .findFirst();
    }

    @Override
    public JsonNode record(Scope scope, String effectId, JsonNode effect, Instant at) {
        ObjectNode record = Json.MAPPER
                .createObjectNode()
                .put("rolled_back", effect.path("audit_event_id").asText());
        if (effect.has("path")) {
            files.record(scope, effectId, effect);
        }
        if (effect.hasNonNull("node_id")) {
            undone(scope, effect).map(HistoryEntry::mutationId).ifPresent(id -> record.put("rollback_id", id));
        }
        return record;
    }
}
