package org.capitania.cli.fleet;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.capitania.cli.text.Ages;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;

/** Tells a person step by step what the launcher does: one line a step, when it is done. */
final class Progress {
    private final Screen screen;
    private final Clock clock;

    Progress(Screen screen, Clock clock) {
        this.screen = screen;
        this.clock = clock;
    }

    void step(String what, Runnable work) {
        step(what, () -> {
            work.run();
            return what;
        });
    }

    /** Does the work and tells how long it took. */
    <T> T step(String what, Supplier<T> work) {
        Instant begun = clock.instant();
        T result = work.get();
        done(what, Duration.between(begun, clock.instant()));
        return result;
    }

    void done(String what, Duration took) {
        String length = took.toMillis() < 100
                ? ""
                : "  "
                        + screen.paint(
                                Style.DIM,
                                took.toSeconds() < 90
                                        ? String.format("%d.%d s", took.toSeconds(), took.toMillisPart() / 100)
                                        : Ages.length(took));
        screen.line("  " + screen.paint(Style.GOOD, "✓") + " " + what + length);
        screen.flush();
    }

    /** Something that will take a while, said before it begins. */
    void note(String what) {
        screen.line("  " + screen.paint(Style.DIM, "· " + what));
        screen.flush();
    }

    void warn(String what) {
        screen.line("  " + screen.paint(Style.CAUTION, "! " + what));
        screen.flush();
    }
}
