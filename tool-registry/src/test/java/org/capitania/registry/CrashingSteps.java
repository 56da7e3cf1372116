package org.capitania.registry;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.registry.effects.Steps;

/** Kills whatever has just taken a step, once for each time it was told to. */
@Alternative
@Priority(1)
@Singleton
public class CrashingSteps extends Steps {
    /** Where a process would have died. */
    public static final class SimulatedCrash extends RuntimeException {
        SimulatedCrash(Step step) {
            super("died after " + step);
        }
    }

    private final Map<String, Step> planned = new ConcurrentHashMap<>();
    private final Map<Step, Integer> crashes = new ConcurrentHashMap<>();

    CrashingSteps(MeterRegistry meters) {
        super(meters);
    }

    /** The next time this step is reached for an effect of this call, it is the last thing that happens. */
    public void crashAfter(Step step, String callId) {
        planned.put(callId, step);
    }

    public boolean crashed(String callId) {
        return !planned.containsKey(callId);
    }

    @Override
    public void reached(Step step, String effectId) {
        super.reached(step, effectId);
        String call = effectId.contains("#") ? effectId.substring(0, effectId.indexOf('#')) : effectId;
        if (planned.remove(call, step)) {
            crashes.merge(step, 1, Integer::sum);
            throw new SimulatedCrash(step);
        }
    }
}
