package org.capitania.watchdog.checks;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.capitania.contract.api.MemoryView;
import org.capitania.watchdog.incidents.Tier;

/** A machine that lives on its swap; the supervisor, which measures it, meanwhile wakes essential agents only (seeds 25.2). */
@ApplicationScoped
class Swapping implements Check {
    private final Fleet fleet;
    private final ChecksConfig config;

    Swapping(Fleet fleet, ChecksConfig config) {
        this.fleet = fleet;
        this.config = config;
    }

    @Override
    public String name() {
        return "swapping";
    }

    @Override
    public Duration every() {
        return config.slow();
    }

    @Override
    public List<Finding> look(String tenant) {
        MemoryView memory = fleet.memory(tenant);
        Instant since = memory.swappingSince();
        return since == null
                ? List.of()
                : List.of(Finding.of(
                        "machine:memory",
                        Tier.HARD,
                        memory.swapMb() + " MB of swap in use since " + since + ", " + memory.availableMb()
                                + " MB available; only essential agents are woken until memory frees"));
    }
}
