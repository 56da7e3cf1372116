package org.capitania.supervisor.fences;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Service;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.contract.api.FenceRequest;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;

/** The tool-registry as far as the supervisor needs it: it opens and closes runs there. */
@ApplicationScoped
public class Gateway {
    private static final PeerOptions QUICK = PeerOptions.DEFAULT.withTimeout(Duration.ofSeconds(5));

    private final Peers peers;

    Gateway(Peers peers) {
        this.peers = peers;
    }

    /** Lets a run act; from then on lower fences of the role do not. May be repeated. */
    public void open(Scope scope, FenceRequest fence) {
        peers.post(Service.TOOL_REGISTRY, "/v1/fences", scope, fence, Void.class);
    }

    /** Whether a model of the role would be called now. */
    BudgetStanding standing(Scope scope, String role) {
        return peers.get(Service.TOOL_REGISTRY, "/v1/budgets/" + role, scope, BudgetStanding.class, QUICK);
    }

    /** Ends what a run may do; a run that is not known there any more is as good as closed. */
    void close(Scope scope, UUID runId) {
        try {
            peers.delete(Service.TOOL_REGISTRY, "/v1/fences/" + runId, scope, Void.class);
        } catch (CapitaniaException e) {
            if (e.code().type() != ErrorType.NOT_FOUND) {
                throw e;
            }
        }
    }
}
