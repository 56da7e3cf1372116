package org.capitania.registry.effects;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;

/** The steps on the way of an outward effect, each told when it is behind us; they are what a crash can fall between. */
@ApplicationScoped
public class Steps {
    /** A step of the way. */
    public enum Step {
        CLAIMED,
        INTENT,
        ACTED,
        DONE,
        RECORDED,
        CONCLUDED,
        REPORTED
    }

    private final MeterRegistry meters;

    protected Steps(MeterRegistry meters) {
        this.meters = meters;
    }

    public void reached(Step step, String effectId) {
        Log.debugf("effect step step=%s effect=%s", step, effectId);
        meters.counter("capitania_effect_steps", "step", step.name()).increment();
    }
}
