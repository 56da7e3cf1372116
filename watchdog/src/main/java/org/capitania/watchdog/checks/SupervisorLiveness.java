package org.capitania.watchdog.checks;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.watchdog.incidents.Tier;

/** Whether the supervisor lives: without it nobody wakes, and gated acts stop. */
@ApplicationScoped
class SupervisorLiveness implements Check {
    private static final String NAME = Service.SUPERVISOR.wireName();
    private static final PeerOptions BRIEFLY = PeerOptions.DEFAULT.withTimeout(Duration.ofSeconds(3));

    private final Peers peers;
    private final ChecksConfig config;
    private final Silence silence;

    SupervisorLiveness(Peers peers, Clock clock, ChecksConfig config) {
        this.peers = peers;
        this.config = config;
        this.silence = new Silence(clock, config);
    }

    @Override
    public String name() {
        return "supervisor_liveness";
    }

    @Override
    public Duration every() {
        return config.quick();
    }

    @Override
    public List<Finding> look(String tenant) {
        try {
            peers.get(
                    Service.SUPERVISOR,
                    "/q/health/live",
                    Scope.of(tenant, "system:watchdog", null),
                    JsonNode.class,
                    BRIEFLY);
            silence.heard(NAME);
            return List.of();
        } catch (CapitaniaException e) {
            return silence
                    .tooLong(NAME)
                    .map(since -> Finding.of(
                            "service:" + NAME,
                            Tier.MEDIUM,
                            "the supervisor has not answered since " + since + ": " + e.detail()))
                    .stream()
                    .toList();
        }
    }
}
