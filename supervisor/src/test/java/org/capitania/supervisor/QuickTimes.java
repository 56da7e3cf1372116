package org.capitania.supervisor;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** The waits of the supervisor, short enough for a test; leases stay long and are made to run out by hand. */
public final class QuickTimes implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        return Map.of(
                "hq.wakes.tick", "100ms",
                "hq.wakes.back-off", "20ms",
                "hq.wakes.longest-back-off", "100ms",
                "hq.wakes.start-grace", "0s",
                "hq.wakes.coalesce", "300ms",
                "hq.fences.standing", "0s",
                "hq.roster.spare", "kb.ingest.completed",
                "hq.roster.silence", "10m",
                "hq.memory.least-mb", "1");
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
