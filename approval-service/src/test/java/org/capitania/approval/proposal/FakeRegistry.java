package org.capitania.approval.proposal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Service;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.event.FrozenCall;
import org.capitania.testkit.FakePeers;

/** The part of tool-registry that freezes calls: keeps revisions, refuses recipients it does not know. Beside it a graph that takes every node. */
public final class FakeRegistry {
    private final Map<String, FrozenCall> frozen = new ConcurrentHashMap<>();
    private final Map<String, FrozenCall.Rendering> renderings = new ConcurrentHashMap<>();

    public FakeRegistry(FakePeers peers) {
        peers.on(
                Service.GRAPH_SERVICE,
                "POST",
                "/v1/mutations",
                r -> new MutationResult(
                        List.of(new MutationResult.OpResult("create", "proposal", "node", "proposal", 1, true, true)),
                        "m"));
        peers.on("GET", "/v1/frozen-calls/([^/]+)", r -> find(r.groups().getFirst()));
        peers.on(
                "POST",
                "/v1/frozen-calls/([^/]+)/revisions",
                r -> revise(r.groups().getFirst(), r.body()));
    }

    public FrozenCall freeze(FrozenCall call) {
        frozen.put(call.proposalId(), call);
        return call;
    }

    /** From its next revision on the call is shown like this: what it rests on has changed. */
    public void renders(String id, FrozenCall.Rendering rendering) {
        renderings.put(id, rendering);
    }

    private FrozenCall find(String id) {
        FrozenCall call = frozen.get(id);
        if (call == null) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "no frozen call " + id);
        }
        return call;
    }

    private FrozenCall revise(String id, JsonNode request) {
        JsonNode arguments = request.path("arguments");
        for (JsonNode to : arguments.path("to")) {
            if (!to.asText().endsWith("@moinho.example")) {
                throw new CapitaniaException(
                        ErrorCode.RECIPIENT_NOT_ALLOWED,
                        to.asText() + " is nobody of this thread",
                        List.of(new FieldError(
                                "/to/0", to.asText(), "people of the thread, known contacts", "unknown recipient")));
            }
        }
        return frozen.compute(
                id,
                (key, old) -> shown(Frozen.of(
                        UUID.fromString(id), old.revision() + 1, arguments, Instant.parse("2026-11-20T09:12:00Z"))));
    }

    private FrozenCall shown(FrozenCall c) {
        return new FrozenCall(
                c.proposalId(),
                c.callId(),
                c.revision(),
                c.tool(),
                c.agent(),
                c.risk(),
                c.arguments(),
                c.digest(),
                renderings.getOrDefault(c.proposalId(), c.rendering()),
                c.facts(),
                c.tainted(),
                c.taskId(),
                c.sessionId(),
                c.conversationId(),
                c.interactionId(),
                c.businessKey(),
                c.createdAt());
    }
}
