package org.capitania.registry.gateway;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Tenants;

/** Keeps the leases of the calls that run here, and looks for those that run nowhere any more. */
@ApplicationScoped
class CallSweeper {
    private final Tenants tenants;
    private final Loops loops;
    private final RunningCalls running;
    private final CallRecovery recovery;

    CallSweeper(Tenants tenants, Loops loops, RunningCalls running, CallRecovery recovery) {
        this.tenants = tenants;
        this.loops = loops;
        this.running = running;
        this.recovery = recovery;
    }

    void start(@Observes StartupEvent event) {
        tenants.each(recovery::release);
        loops.every("call-leases", Duration.ofSeconds(3), () -> running.all().forEach(recovery::renew));
        loops.every("call-sweeper", Duration.ofSeconds(5), () -> tenants.each(recovery::sweep));
    }
}
