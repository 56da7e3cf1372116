package org.capitania.supervisor.platform;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the platform that the configuration names; one that lacks something stops the start. */
@ApplicationScoped
class PlatformSetup {
    @Produces
    @Singleton
    AgentPlatform platform(PlatformConfig config) {
        return switch (config.kind()) {
            case NONE -> new NoPlatform();
            case LOCAL ->
                new LocalProcess(
                        config.launcher()
                                .orElseThrow(() -> new IllegalStateException(
                                        "hq.platform.kind=local needs hq.platform.launcher, the path of hq")),
                        config.patience());
            case KUBERNETES -> new KubernetesScale(config.api(), config.account());
        };
    }
}
