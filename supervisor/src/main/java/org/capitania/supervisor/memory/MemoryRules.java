package org.capitania.supervisor.memory;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.capitania.contract.api.MemoryView;
import org.capitania.servicekit.Loops;
import org.jspecify.annotations.Nullable;

/** What short memory means for wakes: a reason says the rule, not the figure of the moment, so that a hold is news once. */
@ApplicationScoped
public class MemoryRules {
    private final AvailableMemory memory;
    private final MemoryConfig config;
    private final Clock clock;

    @Nullable
    private volatile Instant swappingSince;

    MemoryRules(AvailableMemory memory, MemoryConfig config, Clock clock) {
        this.memory = memory;
        this.config = config;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event, Loops loops) {
        loops.every("memory", config.look(), this::look);
    }

    /**
     * Why an agent is not woken now; empty: there is memory for it.
     *
     * @param dormant whether its loop, or even its process, has yet to start
     * @param atWork how many other agents of its tenant are at work
     */
    public Optional<String> hold(String role, boolean dormant, int atWork) {
        OptionalLong available = memory.megabytes();
        if (dormant && below(available, config.leastMb())) {
            return Optional.of("memory: less than " + config.leastMb() + " MB available");
        }
        if (atWork > 0 && below(available, config.oneMb())) {
            return Optional.of("memory: less than " + config.oneMb() + " MB available, one agent works at a time");
        }
        if (swapping() && !config.essential().contains(role)) {
            return Optional.of("memory: more than " + config.swapMb() + " MB of swap in use, only "
                    + String.join(", ", config.essential().stream().sorted().toList()) + " works on");
        }
        return Optional.empty();
    }

    /** How it stands now. */
    MemoryView view() {
        return new MemoryView(
                boxed(memory.megabytes()), boxed(memory.swapMegabytes()), swapping() ? swappingSince : null);
    }

    /** Looks at swap once. */
    void look() {
        boolean much =
                memory.swapMegabytes().orElse(0) > config.swapMb() && below(memory.megabytes(), config.roomyMb());
        boolean before = swapping();
        if (!much) {
            swappingSince = null;
        } else if (swappingSince == null) {
            swappingSince = clock.instant();
        }
        if (swapping() && !before) {
            Log.warnf("more than %d MB of swap in use", config.swapMb());
        }
    }

    private boolean swapping() {
        Instant since = swappingSince;
        return since != null && !clock.instant().isBefore(since.plus(config.swapFor()));
    }

    private static boolean below(OptionalLong available, int least) {
        return available.isPresent() && available.getAsLong() < least;
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
