package org.capitania.cli.fleet;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.capitania.cli.Failure;

/** Starts processes and waits until each is ready; what dies meanwhile, or never gets ready, is told with its last words. */
final class Starting {
    private static final Duration LONGEST = Duration.ofSeconds(150);
    private static final Duration STEP = Duration.ofMillis(100);

    private final Progress progress;
    private final Clock clock;
    private final List<FleetProcess> started = new ArrayList<>();

    Starting(Progress progress, Clock clock) {
        this.progress = progress;
        this.clock = clock;
    }

    /** What this start began, in order: what has to go again when it fails. */
    List<FleetProcess> started() {
        return List.copyOf(started);
    }

    /** Starts all at once; each is told when it is ready. */
    void start(List<? extends FleetProcess> processes) {
        Instant begun = clock.instant();
        List<FleetProcess> waiting = new ArrayList<>();
        for (FleetProcess process : processes) {
            if (process.running().isEmpty()) {
                started.add(process);
                process.launch();
            }
            waiting.add(process);
        }
        while (!waiting.isEmpty()) {
            waiting.removeIf(process -> becameReady(process, begun));
            if (Duration.between(begun, clock.instant()).compareTo(LONGEST) > 0) {
                throw failed(waiting.getFirst(), "is not ready after " + LONGEST.toSeconds() + " s");
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    private boolean becameReady(FleetProcess process, Instant begun) {
        if (process.running().isEmpty()) {
            throw failed(process, "died while it started");
        }
        boolean ready = process.ready();
        if (ready) {
            progress.done(process.title(), Duration.between(begun, clock.instant()));
        }
        return ready;
    }

    private static Failure failed(FleetProcess process, String what) {
        List<String> words = process.lastWords();
        return Failure.system(
                "did_not_start",
                process.name() + " " + what
                        + (words.isEmpty() ? "" : "; its last lines:\n    " + String.join("\n    ", words)));
    }
}
