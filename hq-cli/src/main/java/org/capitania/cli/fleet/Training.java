package org.capitania.cli.fleet;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.capitania.cli.Environment;

/**
 * Makes the caches that are missing: those processes start once in recording mode, are stopped when all are ready, and write their
 * cache as they end. It happens after each build that changed something, on the final files and with the run's own flags.
 */
final class Training {
    private final LocalFleet fleet;
    private final Environment environment;
    private final Progress progress;
    private final Clock clock;

    Training(LocalFleet fleet, Environment environment, Progress progress) {
        this.fleet = fleet;
        this.environment = environment;
        this.progress = progress;
        this.clock = environment.clock();
    }

    /** The processes that have no cache and do not run; none when {@code HQ_NO_AOT} is set. */
    List<JavaProcess> untrained() {
        if (environment.variable("HQ_NO_AOT").isPresent()) {
            return List.of();
        }
        return fleet.jvms().stream()
                .filter(jvm -> jvm.running().isEmpty() && !jvm.cache().exists())
                .toList();
    }

    /** Has them record from their next start on. */
    void begin(List<JavaProcess> untrained) {
        untrained.forEach(jvm -> jvm.train(true));
        if (!untrained.isEmpty()) {
            progress.note("first start after a build: recording what is loaded, so that later starts are fast");
        }
    }

    /** Stops those that record; each writes its cache while it ends. */
    void end(List<JavaProcess> trained) {
        if (trained.isEmpty()) {
            return;
        }
        Instant begun = clock.instant();
        List<JavaProcess> backwards = new ArrayList<>(trained);
        Collections.reverse(backwards);
        // Two at a time: writing a cache is work for one processor, and the machine may have few.
        for (int i = 0; i < backwards.size(); i += 2) {
            List<JavaProcess> pair = backwards.subList(i, Math.min(i + 2, backwards.size()));
            pair.forEach(JavaProcess::stop);
            pair.forEach(jvm -> Waiting.until(() -> jvm.running().isEmpty(), Duration.ofSeconds(90), clock));
        }
        new Stopping(progress, clock).stop(backwards);
        long kept = trained.stream().filter(jvm -> jvm.cache().keep()).count();
        trained.forEach(jvm -> jvm.train(false));
        progress.done(
                kept + " of " + trained.size() + " start-up caches written", Duration.between(begun, clock.instant()));
    }
}
