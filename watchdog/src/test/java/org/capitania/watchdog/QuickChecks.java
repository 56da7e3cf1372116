package org.capitania.watchdog;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** The patience of the checks, short enough for a test. */
public final class QuickChecks implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        return Map.of(
                "hq.checks.quick", "100ms",
                "hq.checks.slow", "150ms",
                "hq.checks.silence", "300ms",
                "hq.checks.starting", "300ms",
                "hq.checks.dead-letters-quiet", "2s",
                "hq.guards.beat", "100ms");
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
