package org.capitania.approval.console;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import org.capitania.contract.api.AutonomyView;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** What tool-registry says of the emergency stop, for the head of every page. */
@ApplicationScoped
class EmergencyStop {
    private static final Duration PATIENCE = Duration.ofMillis(800);

    private final Peers peers;

    EmergencyStop(Peers peers) {
        this.peers = peers;
    }

    /** Why nothing is changed by agents now; null while autonomy is not frozen, and where tool-registry cannot be asked: then nothing passes anyway. */
    @Nullable
    String reason(Scope scope) {
        try {
            AutonomyView autonomy = peers.get(
                    Service.TOOL_REGISTRY,
                    "/v1/autonomy",
                    scope,
                    AutonomyView.class,
                    PeerOptions.DEFAULT.withTimeout(PATIENCE).onBehalfOf(scope.actor()));
            return autonomy.frozen() ? autonomy.summary() : null;
        } catch (CapitaniaException e) {
            Log.debugf("the head of the page does not know whether autonomy is frozen why=%s", e.detail());
            return null;
        }
    }
}
