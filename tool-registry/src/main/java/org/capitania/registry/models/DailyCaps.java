package org.capitania.registry.models;

import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.capitania.servicekit.Tx;

/**
 * What each agent may spend in a day: what a person raised it to for that day, else what this process is configured with for its role,
 * else {@code daily_usd_hard} of its workspace, else the default. The workspaces are read from this process' own jar, which no agent can
 * write (decision 24); one that names no cap stops the start.
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

    /** On a day of the company. */
    BigDecimal of(Tx tx, String role, LocalDate day) {
        return ask(tx, role, day).get();
    }

    /** The same, sent now; the answer waits. */
    Supplier<BigDecimal> ask(Tx tx, String role, LocalDate day) {
        Supplier<Optional<Row>> raised = tx.ask("""
                SELECT daily_usd FROM budget_raises WHERE agent = $1 AND day = $2
                 ORDER BY raised_at DESC, raise_id DESC LIMIT 1
                """, role, day);
        return () -> raised.get().map(row -> row.getBigDecimal("daily_usd")).orElseGet(() -> usual(role));
    }

    /** On a day on which nobody raised it. */
    BigDecimal usual(String role) {
        return byRole.getOrDefault(role, otherwise);
    }
}
