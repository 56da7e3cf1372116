package org.capitania.registry.gateway;

import java.time.Instant;
import java.util.Optional;
import org.capitania.registry.runs.Gates;
import org.capitania.registry.runs.Run;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/**
 * What the store says of a call that arrives: all that its checks rest on, read at once.
 *
 * @param known whether its id is taken
 * @param run the run it names
 * @param asked whether its tool is one that its role asked for, or was given
 * @param gate the gate that stands before its role
 * @param at when, by the database's clock
 * @param tx where more can be asked of a call that changes something; null for a look
 */
record Standing(
        boolean known,
        Optional<Run> run,
        boolean asked,
        Optional<Gates.Closed> gate,
        Instant at,
        @Nullable Tx tx) {

    /** The open transaction that the answer holds in. */
    Tx open() {
        if (tx == null) {
            throw new IllegalStateException("a call that only looks has no transaction");
        }
        return tx;
    }
}
