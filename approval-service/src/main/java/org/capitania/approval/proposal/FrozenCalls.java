package org.capitania.approval.proposal;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.capitania.contract.Service;
import org.capitania.contract.api.RevisionRequest;
import org.capitania.contract.event.FrozenCall;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;

/** The frozen calls at tool-registry, which alone says what a proposal would do. */
@ApplicationScoped
class FrozenCalls {
    private final Peers peers;

    FrozenCalls(Peers peers) {
        this.peers = peers;
    }

    /** The newest revision of a frozen call. */
    FrozenCall get(Scope scope, UUID id) {
        return peers.get(Service.TOOL_REGISTRY, "/v1/frozen-calls/" + id, scope, FrozenCall.class);
    }

    /** Runs every check again on other arguments, in the person's name; what is refused comes back with its paths. */
    FrozenCall revise(Scope scope, UUID id, JsonNode arguments) {
        return peers.post(
                Service.TOOL_REGISTRY,
                "/v1/frozen-calls/" + id + "/revisions",
                scope,
                new RevisionRequest(arguments, scope.actor()),
                FrozenCall.class,
                PeerOptions.DEFAULT.onBehalfOf(scope.actor()));
    }
}
