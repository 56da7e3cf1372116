package org.capitania.agentruntime.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.capitania.contract.Service;
import org.capitania.contract.api.RunComplete;
import org.capitania.contract.api.RunHeartbeat;
import org.capitania.contract.api.WakeClaim;
import org.capitania.contract.event.AgentWake;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;

/** The supervisor over HTTP. */
@ApplicationScoped
class HttpSupervisor implements Supervisor {
    /** Well below the lease: a heartbeat that hangs must leave time for another. */
    private static final PeerOptions QUICK = PeerOptions.DEFAULT.withTimeout(Duration.ofSeconds(5));

    private final Peers peers;
    private final ProcessInstance instance;

    HttpSupervisor(Peers peers, ProcessInstance instance) {
        this.peers = peers;
        this.instance = instance;
    }

    @Override
    public AgentWake claim(Scope scope, AgentWake wake) {
        return peers.post(
                Service.SUPERVISOR,
                "/v1/wakes/" + wake.wakeId() + "/claim",
                scope,
                new WakeClaim(wake.runId(), wake.fence(), instance.id()),
                AgentWake.class,
                QUICK);
    }

    @Override
    public RunHeartbeat.Renewed heartbeat(Scope scope, String runId, RunHeartbeat heartbeat) {
        return peers.post(
                Service.SUPERVISOR,
                "/v1/runs/" + runId + "/heartbeat",
                scope,
                heartbeat,
                RunHeartbeat.Renewed.class,
                QUICK);
    }

    @Override
    public void complete(Scope scope, String runId, RunComplete report) {
        peers.post(
                Service.SUPERVISOR,
                "/v1/runs/" + runId + "/complete",
                scope,
                report,
                RunComplete.Completed.class,
                QUICK);
    }
}
