package org.capitania.agentruntime.workspace;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * An event type that wakes the agent.
 *
 * @param event the type, alone or with the event's subject as a last segment ({@code task.assigned_to.operator}), or a pattern that ends in {@code *}
 * @param where fields of the event's data and the value each must have; empty: every event of the type
 */
public record Trigger(String event, Map<String, Object> where) {
    public Trigger {
        where = Map.copyOf(where);
    }

    /** In words: {@code email.received where answerable = true}. */
    String line() {
        return where.isEmpty()
                ? event
                : event + " where "
                        + where.entrySet().stream()
                                .map(each -> each.getKey() + " = " + each.getValue())
                                .sorted()
                                .collect(Collectors.joining(", "));
    }
}
