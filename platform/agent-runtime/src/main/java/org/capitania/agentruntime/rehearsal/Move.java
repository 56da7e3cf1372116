package org.capitania.agentruntime.rehearsal;

import java.util.Map;

/** One turn of a procedure. */
sealed interface Move {
    record Say(String text) implements Move {}

    /** Calls a tool; {@code says} tells a reader of the transcript why. */
    record Call(String says, String tool, Map<String, ?> arguments) implements Move {}

    /** Says what was done and ends the task. */
    static Move done(Procedure.Outcome outcome) {
        String attribute = outcome.reason().replaceAll("[\"<>\\r\\n]", "'");
        return new Say("[rehearsal] " + outcome.text() + "\n\n<task-complete reason=\"" + attribute + "\"/>");
    }
}
