package org.capitania.supervisor.routing;

import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.RegisterAgent.Trigger;
import org.capitania.contract.event.BeatFired;
import org.capitania.contract.event.Event;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.wakes.EnqueueEvent;
import org.jspecify.annotations.Nullable;

/**
 * Gives an event to every role one of whose triggers it matches, and writes down for each role what was decided and why. A role that has
 * never registered may still want it: the event waits for its first registration. Triggers are kept across restarts, so that is rare.
 */
@ApplicationScoped
public class RouteEvent {
    /** By keys alone: a cast of the task's id would hide it from every index of a table under row security. */
    static final String OF_BEATS = """
            SELECT coalesce(bool_and(of_beat), false) AS of_beats FROM routed_events
             WHERE event_id = ANY (ARRAY(SELECT e.event_id FROM task_events e WHERE e.task_id = $1))
            """;

    private final AgentStore agents;
    private final EnqueueEvent enqueue;
    private final List<TypePattern> outside;

    RouteEvent(AgentStore agents, EnqueueEvent enqueue, RoutingConfig config) {
        this.agents = agents;
        this.enqueue = enqueue;
        this.outside = config.outside().stream().map(TypePattern::new).toList();
    }

    void route(Tx tx, Event event) {
        Event told = OfProjects.told(tx, event);
        for (Agent agent : agents.lockAll(tx)) {
            if (agent.triggers() == null) {
                decide(tx, event, agent.role(), "waiting", agent.role() + " has not registered yet", null);
            } else {
                route(tx, event, told, agent.role(), agent.triggers());
            }
        }
    }

    /** Routes what has waited for the role's first registration, in the order it came. The caller holds the lock of the role. */
    public void routeWaiting(Tx tx, String role, List<Trigger> triggers) {
        List<Event> waiting = new ArrayList<>();
        tx.query("""
                        SELECT event FROM routed_events WHERE role = $1 AND decision = 'waiting' ORDER BY at, event_id
                        """, role)
                .forEach(row -> waiting.add(Json.read(((JsonObject) row.getValue("event")).encode(), Event.class)));
        for (Event event : waiting) {
            tx.execute("DELETE FROM routed_events WHERE event_id = $1 AND role = $2", event.id(), role);
            route(tx, event, OfProjects.told(tx, event), role, triggers);
        }
    }

    /** @param told the event as triggers see it */
    private void route(Tx tx, Event event, Event told, String role, List<Trigger> triggers) {
        Triggers.Verdict verdict = Triggers.judge(role, triggers, told);
        if (verdict.wakes()) {
            UUID task = enqueue.add(tx, role, event, tainted(event));
            decide(tx, event, role, "routed", verdict.why(), task);
        } else {
            decide(tx, event, role, "ignored", verdict.why(), null);
        }
    }

    private boolean tainted(Event event) {
        return event.data().path("tainted").asBoolean(false)
                || outside.stream().anyMatch(pattern -> pattern.matches(event));
    }

    private static void decide(Tx tx, Event event, String role, String decision, String why, @Nullable UUID task) {
        tx.put(
                """
                INSERT INTO routed_events (event_id, role, type, decision, why, task_id, event, of_beat)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                """,
                event.id(),
                role,
                event.type(),
                decision,
                why,
                task,
                decision.equals("waiting") ? new JsonObject(Json.write(event)) : null,
                ofBeat(tx, event));
    }

    /** Whether it is a beat, or what an agent did in a task that only such events opened. */
    private static boolean ofBeat(Tx tx, Event event) {
        if (event.type().equals(BeatFired.TYPE)) {
            return true;
        }
        UUID task = event.actor().startsWith("agent:") ? OfProjects.id(event.correlationId()) : null;
        return task != null && tx.one(OF_BEATS, task).orElseThrow().getBoolean("of_beats");
    }
}
