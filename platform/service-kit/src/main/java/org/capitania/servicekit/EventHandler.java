package org.capitania.servicekit;

import org.capitania.contract.event.Event;

/** Handles one event; may be called again for the same event until its inbox row is written. */
@FunctionalInterface
public interface EventHandler {
    Outcome handle(Event event, InboxScope inbox);
}
