package org.capitania.servicekit;

import java.util.List;
import org.capitania.contract.event.Event;

/** Writes the effects of several events in one transaction, where one each would be too slow. What fails so is handled one by one. */
public interface EventsTogether {
    /** Whether an event is of a kind that is written so. */
    boolean takes(Event event);

    /**
     * Writes those that were not handled before, of one tenant, in their order; their inbox rows are written with them. What it publishes nobody
     * is told of: the relay finds it when it looks by itself.
     */
    void write(Tx tx, List<Event> events);
}
