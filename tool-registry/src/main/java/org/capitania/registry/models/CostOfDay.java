package org.capitania.registry.models;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/** The metric {@code agent_run_cost_usd_24h} of chapter 27.3: what each agent's models have cost within a day, what is set aside for open calls included. */
@ApplicationScoped
class CostOfDay {
    private final Sql sql;
    private final Tenants tenants;
    private final MultiGauge gauge;

    CostOfDay(Sql sql, Tenants tenants, MeterRegistry meters) {
        this.sql = sql;
        this.tenants = tenants;
        this.gauge = MultiGauge.builder("agent_run_cost_usd_24h")
                .description("What an agent's models have cost within 24 hours")
                .register(meters);
    }

    void start(@Observes StartupEvent event, Loops loops) {
        loops.every("cost-of-day", Duration.ofMinutes(1), this::refresh);
    }

    void refresh() {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        tenants.each(tenant -> sql.run(
                Scope.of(tenant, "system:tool-registry", "what the models of a day have cost"),
                tx -> tx.query("""
                                SELECT agent, sum(coalesce(spent_usd, reserved_usd))::float8 AS usd FROM model_reservations
                                 WHERE opened_at > clock_timestamp() - interval '24 hours' GROUP BY agent
                                """)
                        .forEach(row -> rows.add(MultiGauge.Row.of(
                                Tags.of("tenant", tenant, "agent", row.getString("agent")), row.getDouble("usd"))))));
        gauge.register(rows, true);
    }
}
