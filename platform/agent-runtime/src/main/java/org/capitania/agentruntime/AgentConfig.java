package org.capitania.agentruntime;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Which agent this process is, and how it keeps its runs. */
@ConfigMapping(prefix = "hq.agent")
public interface AgentConfig {
    /** The role: {@code chief} or {@code operator}. */
    String role();

    /** A folder whose files replace those of the workspace that was built in. */
    Optional<Path> workspace();

    /** How often a run renews its lease. */
    @WithDefault("10s")
    Duration heartbeat();

    /** How long a lease lasts after it was last renewed; the supervisor's figure. */
    @WithDefault("30s")
    Duration lease();

    /** How long a run waits for tool-registry before it gives the run, not the session, up. */
    @WithDefault("10m")
    Duration gatewayPatience();

    /** Where this process answers HTTP, as the others see it; its own port on this machine unless given. */
    Optional<String> url();
}
