package org.capitania.agentruntime.rehearsal;

/** What to do next, from what has been seen so far. */
interface Procedure {
    Move next(Scene scene);
}
