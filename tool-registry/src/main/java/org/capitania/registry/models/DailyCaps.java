package org.capitania.registry.models;

import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each agent may spend in a day: what this process is configured with for its role, else {@code daily_usd_hard} of its workspace,
 * else the default. The workspaces are read from this process' own jar, which no agent can write (decision 24); one that names no cap
 * stops the start.
 */
@Startup
@ApplicationScoped
class DailyCaps {
    private final Map<String, BigDecimal> byRole = new TreeMap<>();
    private final BigDecimal otherwise;

    DailyCaps(ModelsConfig config, WorkspaceBudgets workspaces) {
        byRole.putAll(workspaces.hardCaps());
        byRole.putAll(config.dailyCaps());
        otherwise = config.dailyCapUsd();
        Log.infof("daily caps in USD agents=%s otherwise=%s", byRole, otherwise);
    }

    BigDecimal of(String role) {
        return byRole.getOrDefault(role, otherwise);
    }
}
