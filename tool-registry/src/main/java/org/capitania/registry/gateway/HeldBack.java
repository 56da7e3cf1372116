package org.capitania.registry.gateway;

import org.capitania.contract.CapitaniaException;

/** A change that was begun may not be tried again now: its call stays open, since nobody knows yet what became of the first try. */
final class HeldBack extends RuntimeException {
    private final transient CapitaniaException why;

    HeldBack(CapitaniaException why) {
        super(why.detail(), why);
        this.why = why;
    }

    CapitaniaException why() {
        return why;
    }
}
