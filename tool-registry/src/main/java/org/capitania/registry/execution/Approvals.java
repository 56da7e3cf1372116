package org.capitania.registry.execution;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Consumer;
import org.capitania.contract.Service;
import org.capitania.contract.api.Claim;
import org.capitania.contract.api.ClaimRequest;
import org.capitania.contract.api.ProposalList;
import org.capitania.contract.api.ProposalView;
import org.capitania.contract.api.ReportRequest;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;

/** approval-service as the executor sees it: the only place that says what may be carried out. */
@ApplicationScoped
class Approvals {
    private final Peers peers;

    Approvals(Peers peers) {
        this.peers = peers;
    }

    Claim claim(Scope scope, String proposalId, String claimKey) {
        return peers.post(
                Service.APPROVAL_SERVICE,
                "/v1/proposals/" + proposalId + "/claim",
                scope,
                new ClaimRequest(claimKey),
                Claim.class);
    }

    void report(Scope scope, String proposalId, ReportRequest report) {
        peers.post(Service.APPROVAL_SERVICE, "/v1/proposals/" + proposalId + "/report", scope, report, Void.class);
    }

    /** Tells of every proposal that a doorbell should have told of: approved, or claimed by us and not reported. */
    void unfinished(Scope scope, String status, Consumer<ProposalView> each) {
        String after = "";
        while (after != null) {
            ProposalList page = peers.get(
                    Service.APPROVAL_SERVICE,
                    "/v1/proposals?status=" + status + "&after=" + after,
                    scope,
                    ProposalList.class);
            page.items().forEach(each);
            after = page.next();
        }
    }
}
