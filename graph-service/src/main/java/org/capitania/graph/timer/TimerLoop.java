package org.capitania.graph.timer;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.function.ObjIntConsumer;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;

/** Fires what is due, by the clock of the zone the company works in; what fails is put off and holds up nothing else. */
@ApplicationScoped
class TimerLoop {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int PAGE = 100;

    private final TimerStore timers;
    private final FireTimer fire;
    private final MoveDueTimes move;
    private final InheritTerms inherit;
    private final Tenants tenants;

    TimerLoop(TimerStore timers, FireTimer fire, MoveDueTimes move, InheritTerms inherit, Tenants tenants) {
        this.timers = timers;
        this.fire = fire;
        this.move = move;
        this.inherit = inherit;
        this.tenants = tenants;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        loops.every("timers", LOOK, this::run);
    }

    void run() {
        tenants.each(tenant -> {
            // First of all, so that nothing is told by a zone that the company has left, or by terms that are over.
            workOutAgain(move::run, Scope.of(tenant, "system:graph-service", "the company works in another time zone"));
            workOutAgain(
                    inherit::run, Scope.of(tenant, "system:graph-service", "the terms of its engagement are others"));
            Scope scope = Scope.of(tenant, "system:graph-service", "a due time has come");
            for (Timer timer : timers.due(scope, PAGE)) {
                fire(scope, timer);
            }
        });
    }

    private static void workOutAgain(ObjIntConsumer<Scope> what, Scope scope) {
        try {
            what.accept(scope, PAGE);
        } catch (RuntimeException e) {
            // What is due is told all the same, and the next round tries again.
            Log.errorf(e, "due times cannot be worked out again tenant=%s why=%s", scope.tenant(), scope.reason());
        }
    }

    private void fire(Scope scope, Timer timer) {
        try {
            fire.fire(scope, timer);
        } catch (RuntimeException e) {
            int attempts = timers.failed(scope, timer, e);
            if (attempts >= TimerStore.MOST_ATTEMPTS) {
                Log.errorf(
                        e,
                        "timer gives up tenant=%s kind=%s node=%s",
                        scope.tenant(),
                        timer.kind().wireName,
                        timer.node());
            } else {
                Log.warnf(
                        e,
                        "timer failed tenant=%s kind=%s node=%s attempts=%d",
                        scope.tenant(),
                        timer.kind().wireName,
                        timer.node(),
                        attempts);
            }
        }
    }
}
