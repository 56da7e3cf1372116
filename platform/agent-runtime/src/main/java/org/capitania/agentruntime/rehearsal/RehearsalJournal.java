package org.capitania.agentruntime.rehearsal;

import org.capitania.agentruntime.model.ModelRequest;

/** Puts a turn into the ledger at cost 0; refuses it exactly where a provider's call would be refused. */
@FunctionalInterface
public interface RehearsalJournal {
    void turn(ModelRequest request);
}
