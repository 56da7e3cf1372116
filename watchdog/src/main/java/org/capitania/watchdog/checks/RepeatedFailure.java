package org.capitania.watchdog.checks;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.api.RunView;
import org.capitania.watchdog.incidents.Tier;

/** Agents whose latest runs failed one after the other. */
@ApplicationScoped
class RepeatedFailure implements Check {
    private static final Set<String> FAILED = Set.of("failed", "lost", "unclaimed");
    /** Ends that say nothing of the agent: a person's word, a cap, a shutdown. */
    private static final Set<String> NEITHER = Set.of("withdrawn", "frozen", "given_up");

    private final Fleet fleet;
    private final ChecksConfig config;

    RepeatedFailure(Fleet fleet, ChecksConfig config) {
        this.fleet = fleet;
        this.config = config;
    }

    @Override
    public String name() {
        return "repeated_failure";
    }

    @Override
    public Duration every() {
        return config.slow();
    }

    @Override
    public List<Finding> look(String tenant) {
        Map<String, List<RunView>> byRole = new LinkedHashMap<>();
        for (RunView run : fleet.runs(tenant, null)) {
            if (run.endedAt() != null && !NEITHER.contains(run.state())) {
                byRole.computeIfAbsent(run.role(), role -> new ArrayList<>()).add(run);
            }
        }
        List<Finding> findings = new ArrayList<>();
        byRole.forEach((role, runs) -> {
            List<RunView> failed =
                    runs.stream().takeWhile(run -> FAILED.contains(run.state())).toList();
            if (failed.size() >= config.failures()) {
                findings.add(new Finding(
                        "agent:" + role,
                        failed.size() >= 2 * config.failures() ? Tier.MEDIUM : Tier.SOFT,
                        "the last " + failed.size() + " runs of " + role + " failed, the latest: "
                                + failed.getFirst().state() + ", "
                                + failed.getFirst().reason(),
                        role,
                        null));
            }
        });
        return findings;
    }
}
