package org.capitania.registry.brief;

import java.time.Instant;
import java.util.List;

/** Writes that may have overridden one another. */
public interface WriteConflicts {
    /**
     * One target that several have written.
     *
     * @param target a node's id, or the path of a file
     * @param title what people call it
     * @param calls those that wrote it, in order
     * @param at of the latest
     */
    record WriteConflict(String target, String title, List<String> calls, List<String> actors, Instant at) {}

    /** Those since then, the latest first. */
    List<WriteConflict> since(String tenant, Instant from);
}
