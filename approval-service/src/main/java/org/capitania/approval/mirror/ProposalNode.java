package org.capitania.approval.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ProposalView;
import org.capitania.graphclient.Batch;
import org.jspecify.annotations.Nullable;

/** What a proposal looks like as a node. */
record ProposalNode(ProposalView p) implements Mirrored {
    private static final String REF = "proposal";
    private static final int LONGEST = 4000;

    @Override
    public int steps() {
        return Objects.requireNonNull(p.history()).size();
    }

    @Override
    public boolean linked() {
        return p.conversation() != null;
    }

    @Override
    public MutationBatch create(boolean linked) {
        Batch batch = new Batch().create(REF, "proposal", node -> {
            node.externalIfAbsent(SOURCE, p.id())
                    .status(p.status().wire())
                    .occurredAt(p.createdAt())
                    .tainted(p.tainted());
            props(p).forEach(node::prop);
        });
        String conversation = p.conversation();
        if (linked && conversation != null) {
            batch.link("@" + REF, "about", conversation);
        }
        return batch.build();
    }

    @Override
    public MutationBatch update(String node, int version) {
        return new Batch()
                .patch(node, patch -> {
                    patch.version(version).status(p.status().wire());
                    props(p).forEach(patch::prop);
                })
                .build();
    }

    private static Map<String, @Nullable Object> props(ProposalView p) {
        ProposalView.Decision decision = last(p.decisions());
        Map<String, @Nullable Object> props = new LinkedHashMap<>();
        props.put("proposal_id", p.id());
        props.put("kind", "tool_call");
        props.put("tool", p.tool());
        props.put("agent", p.agent());
        props.put("risk", p.risk());
        props.put("summary", cut(p.summary()));
        props.put("revision", p.revision());
        props.put("digest", p.digest());
        props.put("arguments", p.arguments());
        props.put("task_id", p.taskId());
        props.put("session_id", p.sessionId());
        props.put("conversation_id", p.conversation());
        props.put("interaction_id", p.interactionId());
        props.put("requested_at", p.createdAt().toString());
        props.put("expires_at", text(p.expiresAt()));
        props.put("decision", decision == null ? null : decision.decision());
        props.put("decided_by", decision == null ? null : decision.by());
        props.put("decided_at", decision == null ? null : decision.at().toString());
        props.put(
                "executed_at",
                p.status() == ProposalStatus.EXECUTED ? p.updatedAt().toString() : null);
        props.put("reason", cut(p.reason()));
        props.put("result", object(p.result()));
        props.put("tainted", p.tainted());
        return props;
    }

    private static ProposalView.@Nullable Decision last(@Nullable List<ProposalView.Decision> decisions) {
        return decisions == null || decisions.isEmpty() ? null : decisions.getLast();
    }

    private static @Nullable JsonNode object(@Nullable JsonNode result) {
        return result != null && result.isObject() ? result : null;
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
