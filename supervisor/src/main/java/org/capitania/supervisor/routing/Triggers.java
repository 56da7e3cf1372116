package org.capitania.supervisor.routing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.contract.api.RegisterAgent.Trigger;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.ProposalRequested;

/** Matches an event against what an agent registered. */
final class Triggers {
    private Triggers() {}

    /**
     * Why an event does or does not wake.
     *
     * @param why in one sentence for people
     */
    record Verdict(boolean wakes, String why) {}

    /** What an agent asks for itself wakes whoever else prepares it: the one that asked is at it. */
    static Verdict judge(String role, List<Trigger> triggers, Event event) {
        if (event.type().equals(ProposalRequested.TYPE)
                && event.data().path("by").asText().equals("agent:" + role)) {
            return new Verdict(false, role + " asked for it itself");
        }
        String nearest = null;
        for (Trigger trigger : triggers) {
            if (!new TypePattern(trigger.event()).matches(event)) {
                continue;
            }
            Optional<String> miss = miss(trigger, event.data());
            if (miss.isEmpty()) {
                return new Verdict(true, "trigger " + trigger.event());
            }
            nearest = "trigger " + trigger.event() + " wants " + miss.get();
        }
        return new Verdict(false, nearest == null ? "no trigger for " + event.type() : nearest);
    }

    /** What of the condition does not hold. */
    private static Optional<String> miss(Trigger trigger, JsonNode data) {
        Map<String, JsonNode> where = trigger.where() == null ? Map.of() : trigger.where();
        return where.entrySet().stream()
                .filter(entry -> !holds(entry.getValue(), at(data, entry.getKey())))
                .map(entry -> entry.getKey() + " = " + entry.getValue() + ", found " + at(data, entry.getKey()))
                .sorted()
                .findFirst();
    }

    private static JsonNode at(JsonNode data, String path) {
        JsonNode node = data;
        for (String member : path.split("\\.", -1)) {
            node = node.path(member);
        }
        return node;
    }

    /** Equal, or one of a list. */
    private static boolean holds(JsonNode wanted, JsonNode found) {
        if (wanted.isArray() && !found.isArray()) {
            for (JsonNode one : wanted) {
                if (holds(one, found)) {
                    return true;
                }
            }
            return false;
        }
        if (wanted.isNumber() && found.isNumber()) {
            return wanted.decimalValue().compareTo(found.decimalValue()) == 0;
        }
        return wanted.equals(found);
    }
}
