package org.capitania.registry.gateway;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The turn of a model that asked for a call, as the ids say: {@code session:turn:ordinal} of the call, {@code session:turn:model…} of the model's.
 *
 * @param model what the ids of the model calls of that turn begin with; for a call of no turn, what no id begins with
 * @param first whether it is the first call that the turn asked for: the one that bears its cost
 */
record Turn(String model, boolean first) {
    private static final Pattern CALL = Pattern.compile("(.+:[0-9]+):([0-9]+)");
    private static final Turn NONE = new Turn("\u2205", false);

    static Turn of(String callId) {
        Matcher call = CALL.matcher(callId);
        return call.matches() ? new Turn(call.group(1) + ":model", call.group(2).equals("1")) : NONE;
    }
}
