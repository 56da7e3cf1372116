package org.capitania.registry.handler;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import org.capitania.servicekit.Scope;

/**
 * A tool whose act leaves the company. It is drafted and checked at once; the act itself waits for a person when an agent asks, and is
 * carried out in steps that can each be repeated.
 */
public interface OutwardTool {
    String tool();

    /** Checks a call against the facts and composes the effect, without doing anything. A rule that forbids it is an exception of type DENIED. */
    Draft draft(Call call);

    /** Does the act; called once INTENT is committed. It never throws for a failure of the outside. */
    Delivery perform(JsonNode effect);

    /**
     * Looks whether the act happened.
     *
     * @param age how long ago it was last begun
     */
    Presence look(JsonNode effect, Duration age);

    /**
     * Writes down in the graph what was done; repeatable under the same effect id.
     *
     * @param at when the act was last begun, the same each time
     */
    JsonNode record(Scope scope, String effectId, JsonNode effect, Instant at);
}
