package org.capitania.watchdog.checks;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.watchdog.incidents.Tier;

/** Whether every service says that it is ready; an agent whose process was stopped because there was nothing to do need not. */
@ApplicationScoped
class ServiceReadiness implements Check {
    /** The supervisor has a check of its own, the watchdog is this. */
    private static final Set<Service> WATCHED = EnumSet.complementOf(EnumSet.of(Service.SUPERVISOR, Service.WATCHDOG));

    private static final PeerOptions BRIEFLY = PeerOptions.DEFAULT.withTimeout(Duration.ofSeconds(3));

    private static final String AGENT = "agent-";

    private final Peers peers;
    private final Fleet fleet;
    private final ChecksConfig config;
    private final Silence silence;

    ServiceReadiness(Peers peers, Fleet fleet, Clock clock, ChecksConfig config) {
        this.peers = peers;
        this.fleet = fleet;
        this.config = config;
        this.silence = new Silence(clock, config);
    }

    @Override
    public String name() {
        return "service_readiness";
    }

    @Override
    public Duration every() {
        return config.quick();
    }

    @Override
    public List<Finding> look(String tenant) {
        List<Finding> findings = new ArrayList<>();
        for (Service service : WATCHED) {
            String name = service.wireName();
            String trouble = "";
            try {
                peers.get(
                        service, "/q/health/ready", Scope.of(tenant, "system:watchdog", null), JsonNode.class, BRIEFLY);
                silence.heard(name);
            } catch (CapitaniaException e) {
                trouble = e.detail();
                if (name.startsWith(AGENT) && fleet.resting(tenant, name.substring(AGENT.length()))) {
                    silence.heard(name);
                }
            }
            String detail = trouble;
            silence.tooLong(name)
                    .ifPresent(since -> findings.add(Finding.of(
                            "service:" + name, Tier.SOFT, name + " is not ready since " + since + ": " + detail)));
        }
        return findings;
    }
}
