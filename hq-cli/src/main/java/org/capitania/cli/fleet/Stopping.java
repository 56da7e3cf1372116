package org.capitania.cli.fleet;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.capitania.cli.process.ProcessId;

/** Stops processes one after the other: asked first, and killed, with a line that says so, only when they do not go. */
final class Stopping {
    private static final Duration GRACE = Duration.ofSeconds(25);
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);

    private final Progress progress;
    private final Clock clock;

    Stopping(Progress progress, Clock clock) {
        this.progress = progress;
        this.clock = clock;
    }

    /** Stops them in the order of the list; those that do not run are passed over. */
    void stop(List<? extends FleetProcess> processes) {
        for (FleetProcess process : processes) {
            process.running().ifPresent(id -> stop(process, id));
            if (process instanceof JavaProcess jvm) {
                jvm.forget();
            }
        }
    }

    /** As {@link #stop}, and services that record for a cache are killed: it would take them long to write one nobody wants. */
    void abandon(List<? extends FleetProcess> processes) {
        for (FleetProcess process : processes) {
            if (process instanceof JavaProcess jvm && jvm.abandonsTraining()) {
                process.running().ifPresent(ProcessId::kill);
                process.running().ifPresent(id -> Waiting.until(() -> !id.alive(), AFTER_KILL, clock));
            }
        }
        stop(processes);
    }

    private void stop(FleetProcess process, ProcessId id) {
        Instant begun = clock.instant();
        process.stop();
        if (!Waiting.until(() -> !id.alive(), GRACE, clock)) {
            progress.warn(process.name() + " did not end within " + GRACE.toSeconds() + " s and is killed");
            id.kill();
            Waiting.until(() -> !id.alive(), AFTER_KILL, clock);
        }
        progress.done(process.name() + " stopped", Duration.between(begun, clock.instant()));
    }
}
