package org.capitania.watchdog.checks;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import org.capitania.contract.api.AgentView;
import org.capitania.contract.api.BeatView;
import org.capitania.contract.api.MemoryView;
import org.capitania.contract.api.RunView;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** What the supervisor says of the agents' runs, of its beats and of the machine they run on. */
@ApplicationScoped
class Fleet {
    private final Peers peers;

    Fleet(Peers peers) {
        this.peers = peers;
    }

    /** The latest runs, newest first, in one state or in all. */
    List<RunView> runs(String tenant, @Nullable String state) {
        String query = state == null ? "" : "&state=" + state;
        return peers.get(
                        Service.SUPERVISOR,
                        "/v1/runs?limit=100" + query,
                        Scope.of(tenant, "system:watchdog", null),
                        RunView.Page.class)
                .items();
    }

    /** Whether an agent's process was stopped because there was nothing to do; not while the supervisor cannot say. */
    boolean resting(String tenant, String role) {
        try {
            return peers.get(
                                    Service.SUPERVISOR,
                                    "/v1/agents/" + role,
                                    Scope.of(tenant, "system:watchdog", null),
                                    AgentView.class)
                            .restingSince()
                    != null;
        } catch (CapitaniaException e) {
            return false;
        }
    }

    List<BeatView> beats(String tenant) {
        return peers.get(
                        Service.SUPERVISOR, "/v1/beats", Scope.of(tenant, "system:watchdog", null), BeatView.Page.class)
                .items();
    }

    MemoryView memory(String tenant) {
        return peers.get(Service.SUPERVISOR, "/v1/memory", Scope.of(tenant, "system:watchdog", null), MemoryView.class);
    }
}
