package org.capitania.registry.handler;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.catalogue.Verb;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * An admitted call, as its handler sees it.
 *
 * @param scope the caller's: its actor is who acts
 * @param human whether a person calls; agents are curated and gated, people are not
 * @param arguments they have passed the tool's schema
 */
public record Call(
        Scope scope,
        ToolDefinition tool,
        Verb verb,
        String callId,
        boolean human,
        @Nullable String sessionId,
        @Nullable String taskId,
        @Nullable String runId,
        JsonNode arguments) {

    public String actor() {
        return scope.actor();
    }

    /** An agent's role; for a person or an outside client the whole actor. */
    public String role() {
        return role(actor());
    }

    /** The same of any actor. */
    public static String role(String actor) {
        return actor.startsWith("agent:") ? actor.substring("agent:".length()) : actor;
    }

    /** Whether an actor is held to nothing but the rules for people: agents and outside clients are curated and gated. */
    public static boolean person(String actor) {
        return !actor.startsWith("agent:") && !actor.startsWith("client:");
    }

    /** A text argument that the schema requires. */
    public String text(String name) {
        return arguments.path(name).asText();
    }

    public @Nullable String textOrNull(String name) {
        return arguments.hasNonNull(name) ? arguments.get(name).asText() : null;
    }

    public int number(String name, int otherwise) {
        return arguments.path(name).asInt(otherwise);
    }

    public List<String> texts(String name) {
        return StreamSupport.stream(arguments.path(name).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
