package org.capitania.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.Claim;
import org.capitania.contract.api.ClaimRequest;
import org.capitania.contract.api.ProposalList;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ProposalView;
import org.capitania.contract.api.ReportRequest;
import org.capitania.contract.event.FrozenCall;
import org.capitania.testkit.FakePeers;

/** approval-service as far as the gateway needs it: an approval, one claim, reports. */
public final class FakeApprovals {
    private record Proposal(FrozenCall call, ProposalStatus status, String claimKey) {}

    private final Map<String, Proposal> proposals = new ConcurrentHashMap<>();
    private final Map<String, Claim> claims = new ConcurrentHashMap<>();
    private final Map<String, List<ReportRequest>> reports = new ConcurrentHashMap<>();

    public FakeApprovals(FakePeers peers) {
        peers.on(
                "POST",
                "/v1/proposals/([^/]+)/claim",
                r -> claim(r.groups().getFirst(), Json.convert(r.body(), ClaimRequest.class)));
        peers.on(
                "POST",
                "/v1/proposals/([^/]+)/report",
                r -> report(r.groups().getFirst(), Json.convert(r.body(), ReportRequest.class)));
        peers.on("GET", "/v1/proposals", r -> list(r.query()));
        peers.on(
                "GET",
                "/v1/proposals/([^/]+)",
                r -> view(proposals.get(r.groups().getFirst())));
    }

    /** Approved, with a claim that says what a test wants it to say. */
    public void approve(FrozenCall call, Claim says) {
        claims.put(call.proposalId(), says);
        approve(call);
    }

    public void approve(FrozenCall call) {
        proposals.put(call.proposalId(), new Proposal(call, ProposalStatus.APPROVED, null));
    }

    /** Ended without having been carried out. */
    public void end(FrozenCall call, ProposalStatus status) {
        proposals.put(call.proposalId(), new Proposal(call, status, null));
    }

    public List<ReportRequest> reports(String proposalId) {
        return List.copyOf(reports.getOrDefault(proposalId, List.of()));
    }

    public ProposalStatus status(String proposalId) {
        return proposals.get(proposalId).status();
    }

    private synchronized Claim claim(String id, ClaimRequest request) {
        Proposal p = proposals.get(id);
        if (p == null || (p.status() != ProposalStatus.APPROVED && p.claimKey() == null)) {
            throw new CapitaniaException(ErrorCode.NOT_APPROVED, "not approved");
        }
        if (p.claimKey() != null && !p.claimKey().equals(request.claimKey())) {
            throw new CapitaniaException(ErrorCode.ALREADY_CLAIMED, "claimed with another key");
        }
        proposals.put(
                id,
                new Proposal(
                        p.call(),
                        p.status() == ProposalStatus.APPROVED ? ProposalStatus.EXECUTING : p.status(),
                        request.claimKey()));
        Claim usual = new Claim(id, p.call().revision(), p.call().digest(), "user:owner", Instant.now(), null);
        return claims.getOrDefault(id, usual);
    }

    private synchronized Object report(String id, ReportRequest request) {
        Proposal p = proposals.get(id);
        reports.computeIfAbsent(id, k -> new ArrayList<>()).add(request);
        proposals.put(
                id,
                new Proposal(
                        p.call(), request.status(), request.status() == ProposalStatus.STALE ? null : p.claimKey()));
        return Map.of("id", id);
    }

    /** One at a time: whoever wants all of them asks again. */
    private ProposalList list(String query) {
        String status = query.replaceAll("status=([a-z]*).*", "$1");
        String after = query.replaceAll(".*after=([^&]*)", "$1");
        List<ProposalView> page = proposals.values().stream()
                .filter(p -> p.status().wire().equals(status))
                .map(FakeApprovals::view)
                .filter(p -> p.id().compareTo(after) > 0)
                .sorted(Comparator.comparing(ProposalView::id))
                .limit(1)
                .toList();
        return new ProposalList(page, page.isEmpty() ? null : page.getFirst().id());
    }

    private static ProposalView view(Proposal p) {
        FrozenCall c = p.call();
        return new ProposalView(
                c.proposalId(),
                c.tool(),
                c.agent(),
                p.status(),
                c.risk(),
                c.rendering().summary(),
                c.taskId(),
                c.conversationId(),
                c.createdAt(),
                c.createdAt(),
                null,
                c.arguments(),
                c.revision(),
                c.digest(),
                c.tainted(),
                c.sessionId(),
                c.interactionId(),
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
