package org.capitania.agentruntime.rehearsal;

/** How one of the agents' procedures is played. It is run from its start at every turn, see {@link Play}. */
@FunctionalInterface
interface Procedure {
    Outcome play(Play play);

    /**
     * What a procedure came to.
     *
     * @param text what was done, waits or was left out, for whoever reads the last words
     * @param reason the same in a few words
     */
    record Outcome(String text, String reason) {}
}
