package org.capitania.registry.handler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.capitania.servicekit.Scope;

/**
 * A tool, or one action of one, whose act leaves the company or takes an approval whoever asks. It is drafted and checked at once; the act itself waits for a person when an agent asks, and is
 * carried out in steps that can each be repeated.
 */
public interface OutwardTool {
    String tool();

    /** The action of the tool that this is; the tool's name where it has none. */
    default String verb() {
        return tool();
    }

    /** Checks a call against the facts and composes the effect, without doing anything. A rule that forbids it is an exception of type DENIED. */
    Draft draft(Call call);

    /** What is to be done, once a person has approved it: the effect as it was frozen, where it does not have to say who that was. */
    default JsonNode approved(JsonNode effect, String proposalId, String person) {
        return effect;
    }

    /** What it replaces that is not any more as it was when it was drafted, beside the facts of the graph: was and is. Empty while all is. */
    default Optional<ObjectNode> changed(Scope scope, JsonNode effect) {
        return Optional.empty();
    }

    /** Does the act; called once INTENT is committed. It never throws for a failure of the outside. */
    Delivery perform(Scope scope, JsonNode effect);

    /**
     * Looks whether the act happened.
     *
     * @param doubted how long ago the last attempt was cut off at the latest
     */
    Presence look(Scope scope, JsonNode effect, Duration doubted);

    /**
     * Writes down in the graph what was done; repeatable under the same effect id.
     *
     * @param at when the act was last begun, the same each time
     */
    JsonNode record(Scope scope, String effectId, JsonNode effect, Instant at);
}
