package org.capitania.registry.mcp;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** The address {@code /mcp}. */
@ConfigMapping(prefix = "hq.mcp")
public interface McpConfig {
    /** Origins beside this server's own, written exactly as a browser sends them, whose pages may call; a client that is no browser sends none and needs none. */
    Optional<List<String>> origins();
}
