package org.capitania.registry.outside;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The outside tool servers; only who may configure this service mounts one. */
@ConfigMapping(prefix = "hq.outside")
public interface OutsideConfig {
    /** By name, two to twenty small letters and digits: {@code hq.outside.servers.drive.url=…} mounts its tools as {@code drive__…}. */
    Map<String, Server> servers();

    /** One server. */
    interface Server {
        /** Where it speaks the Model Context Protocol over streamable HTTP. */
        URI url();

        /** Sent as a bearer token; it leaves this process to that server alone. */
        Optional<String> token();

        /** How long one request may take. */
        @WithDefault("30s")
        Duration timeout();
    }
}
