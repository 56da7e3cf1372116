package org.capitania.registry.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.Duplicates.Pair;
import org.capitania.contract.api.Duplicates.Reason;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.gateway.CallWithin;
import org.capitania.registry.handler.Call;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/**
 * Proposes merges, each through {@code hq_entity merge} like anybody's. A pair is proposed once: not again while it waits, nor after a person
 * declined it or undid it, and then it is not looked at any more; what ended without a decision may be proposed again.
 */
@ApplicationScoped
class MergeProposals {

    /**
     * How it stands with a pair.
     *
     * @param state {@code proposed}, {@code waiting}, {@code declined} or {@code refused}
     * @param why of a refusal
     */
    record Standing(
            String state,
            @Nullable String proposalId,
            @Nullable String why) {}

    private record Earlier(String proposalId, boolean waits) {}

    /** Both ways round: what is proposed is that the two are one. */
    private static final String EARLIER = """
            SELECT c.proposal_id, EXISTS (SELECT 1 FROM open_freezes o WHERE o.tenant_id = c.tenant_id AND o.proposal_id = c.proposal_id) AS waits
              FROM frozen_calls c
              JOIN frozen_revisions r ON r.tenant_id = c.tenant_id AND r.proposal_id = c.proposal_id
             WHERE c.tool = 'hq_entity' AND r.effect ->> 'id' = ANY ($1) AND r.effect ->> 'into' = ANY ($1)
             ORDER BY waits DESC, c.created_at DESC LIMIT 1
            """;

    private static final int LONGEST = 500;
    private static final List<String> UNDECIDED = List.of("expired", "failed");

    private final Sql sql;
    private final Peers peers;
    private final CallWithin calls;
    private final Answers answers;

    MergeProposals(Sql sql, Peers peers, CallWithin calls, Answers answers) {
        this.answers = answers;
        this.sql = sql;
        this.peers = peers;
        this.calls = calls;
    }

    /** What has become of the pair before; empty where it may be proposed. */
    Optional<Standing> before(Call call, Pair pair) {
        String[] both = {pair.goes().id(), pair.stays().id()};
        Optional<Earlier> earlier = sql.read(
                call.scope(),
                tx -> tx.one(EARLIER, (Object) both)
                        .map(row -> new Earlier(row.getString("proposal_id"), row.getBoolean("waits"))));
        return earlier.flatMap(before -> {
            if (before.waits()) {
                return Optional.of(new Standing("waiting", before.proposalId(), null));
            }
            if (UNDECIDED.contains(status(call, before.proposalId()))) {
                return Optional.empty();
            }
            sql.run(call.scope(), tx -> answers.declined(tx, ReconcilePairs.subject(pair), before.proposalId()));
            return Optional.of(new Standing("declined", before.proposalId(), null));
        });
    }

    private String status(Call call, String proposal) {
        return peers.get(
                        Service.APPROVAL_SERVICE,
                        "/v1/proposals/" + proposal,
                        call.scope(),
                        JsonNode.class,
                        PeerOptions.DEFAULT.onBehalfOf(call.actor()))
                .path("status")
                .asText();
    }

    /** @param why for the owner, who sees it with the proposal */
    Standing propose(Call call, Pair pair, String why) {
        ObjectNode arguments = Json.MAPPER
                .createObjectNode()
                .put("action", "merge")
                .put("ref", pair.goes().id())
                .put("into", pair.stays().id())
                .put("why", cut(why));
        String suffix = "merge-"
                + Canonical.sha256(pair.goes().id() + pair.stays().id()).substring(0, 12);
        ToolResult result = calls.call(call, suffix, "hq_entity", arguments);
        if (result.status() == CallStatus.PROPOSED) {
            return new Standing("proposed", result.proposalId(), null);
        }
        return new Standing(
                "refused", null, result.error() == null ? null : result.error().message());
    }

    /** What speaks for a pair, for people. */
    static String why(Pair pair) {
        String reasons = pair.reasons().stream().map(MergeProposals::said).collect(Collectors.joining("; "));
        return cut("Found by the nightly comparison, " + Math.round(pair.score() * 100) + " of 100: " + reasons);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }

    static String said(Reason reason) {
        String shared = reason.shared() == null ? "" : " " + reason.shared();
        return switch (reason.kind()) {
            case "name" -> "the same name" + shared;
            case "similar_name" -> "names that resemble each other";
            case "domain" -> "the same mail domain" + shared;
            case "email" -> "the same address" + shared;
            case "phone" -> "the same number" + shared;
            case "tax_id" -> "the same tax number" + shared;
            case "company" -> "the same company" + shared;
            default -> reason.kind().replace('_', ' ') + shared;
        };
    }
}
