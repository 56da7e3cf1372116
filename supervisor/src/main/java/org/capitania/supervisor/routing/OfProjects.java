package org.capitania.supervisor.routing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.ProposalChanged;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/**
 * A project agent is gone when its work is done and has no triggers: what becomes of its proposal is told to the agent it worked for, whose
 * task the proposal names, by the trigger of that agent's own proposals.
 */
final class OfProjects {
    private static final String PROJECT = "agent:project:";

    private OfProjects() {}

    /** The event as triggers see it; who is woken gets it as it came. */
    static Event told(Tx tx, Event event) {
        if (!event.type().startsWith(ProposalChanged.PREFIX)
                || !event.data().path("agent").asText().startsWith(PROJECT)) {
            return event;
        }
        return parent(tx, event).map(role -> as(event, "agent:" + role)).orElse(event);
    }

    private static Optional<String> parent(Tx tx, Event event) {
        @Nullable UUID task = id(event.data().path("task_id").asText());
        return task == null
                ? Optional.empty()
                : tx.one("SELECT role FROM tasks WHERE task_id = $1", task).map(row -> row.getString("role"));
    }

    private static Event as(Event event, String agent) {
        ObjectNode data = event.data().deepCopy();
        data.put("agent", agent);
        return new Event(
                event.id(),
                event.type(),
                event.source(),
                event.subject(),
                event.time(),
                event.tenant(),
                event.actor(),
                event.reason(),
                event.causationId(),
                event.correlationId(),
                event.traceparent(),
                event.key(),
                data);
    }

    /** The id of a task; null for what stands in its place where there was none. */
    static @Nullable UUID id(@Nullable String task) {
        try {
            return task == null ? null : UUID.fromString(task);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
