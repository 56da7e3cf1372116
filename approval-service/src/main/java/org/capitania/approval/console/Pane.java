package org.capitania.approval.console;

import io.quarkus.logging.Log;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.jspecify.annotations.Nullable;

/**
 * A part of a page that another service fills: its content, or one sentence that says why there is none. A peer that is down costs its
 * pane, never the page.
 */
record Pane<T>(@Nullable T content, @Nullable String missing) {

    static <T> Pane<T> of(String what, Supplier<T> load) {
        try {
            return new Pane<>(load.get(), null);
        } catch (CapitaniaException e) {
            Log.debugf("pane missing what=%s why=%s", what, e.detail());
            return new Pane<>(null, sentence(what, e));
        }
    }

    static <T> Pane<T> empty(String sentence) {
        return new Pane<>(null, sentence);
    }

    private static String sentence(String what, CapitaniaException e) {
        return switch (e.code().type()) {
            case UNAVAILABLE ->
                what
                        + " cannot be shown: its service does not answer right now. You can decide without it, or look again later.";
            case NOT_FOUND -> what + " is not there (any more).";
            case DENIED, UNAUTHENTICATED -> what + " may not be shown to you: " + e.detail();
            case INVALID, CONFLICT, EXHAUSTED, INTERNAL -> what + " cannot be shown: " + e.detail();
        };
    }
}
