package org.capitania.watchdog.checks;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.capitania.contract.api.RunView;
import org.capitania.watchdog.incidents.Tier;
import org.jspecify.annotations.Nullable;

/** Runs that keep their lease and take no step: first a note, then they are stopped. */
@ApplicationScoped
class IdleRuns implements Check {
    private final Fleet fleet;
    private final Clock clock;
    private final ChecksConfig config;

    IdleRuns(Fleet fleet, Clock clock, ChecksConfig config) {
        this.fleet = fleet;
        this.clock = clock;
        this.config = config;
    }

    @Override
    public String name() {
        return "run_without_progress";
    }

    @Override
    public Duration every() {
        return config.slow();
    }

    @Override
    public List<Finding> look(String tenant) {
        return fleet.runs(tenant, "running").stream()
                .map(this::judge)
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Finding> judge(RunView run) {
        Instant progress = latest(run.progressAt(), run.claimedAt());
        if (progress == null) {
            return Optional.empty();
        }
        Duration idle = Duration.between(progress, clock.instant());
        if (idle.compareTo(config.idleRun()) < 0) {
            return Optional.empty();
        }
        boolean stop = idle.compareTo(config.idleRun().plus(config.grace())) >= 0;
        return Optional.of(new Finding(
                "run:" + run.runId(),
                stop ? Tier.MEDIUM : Tier.SOFT,
                run.role() + " has taken no step for " + idle.toMinutes() + " minutes, after " + run.steps()
                        + " of them",
                run.role(),
                stop ? run.runId() : null));
    }

    private static @Nullable Instant latest(@Nullable Instant a, @Nullable Instant b) {
        return Stream.of(a, b).filter(Objects::nonNull).max(Instant::compareTo).orElse(null);
    }
}
