package org.capitania.agentruntime.registration;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready before the supervisor and tool-registry know this agent; says what it waits for. */
@Readiness
@ApplicationScoped
class RegistrationCheck implements HealthCheck {
    private final Registration registration;

    RegistrationCheck(Registration registration) {
        this.registration = registration;
    }

    @Override
    public HealthCheckResponse call() {
        return registration
                .missing()
                .map(why -> HealthCheckResponse.named("registration")
                        .down()
                        .withData("reason", why)
                        .build())
                .orElseGet(() -> HealthCheckResponse.up("registration"));
    }
}
