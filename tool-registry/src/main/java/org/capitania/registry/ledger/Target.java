package org.capitania.registry.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a call was about, as its arguments and its answer say.
 *
 * @param kind a node's type, {@code file}, {@code page}, {@code agent}
 */
public record Target(String kind, String id) {

    /** An argument that names something; the kind is the tool's own where none stands here. */
    private record Naming(String argument, @Nullable String kind) {}

    private static final List<Naming> NAMINGS = List.of(
            new Naming("path", "file"),
            new Naming("url", "page"),
            new Naming("conversation_id", "conversation"),
            new Naming("ref", null),
            new Naming("id", null),
            new Naming("loop", "agent"),
            new Naming("to", "agent"),
            new Naming("about", "node"));
    private static final int LONGEST = 300;

    /** Empty for a call that is about nothing in particular, such as a search. */
    public static Optional<Target> of(String tool, JsonNode arguments, @Nullable JsonNode answer) {
        String own = tool.startsWith("hq_") ? tool.substring("hq_".length()) : tool;
        for (Naming naming : NAMINGS) {
            JsonNode named = arguments.path(naming.argument());
            if (named.isTextual() && !named.asText().isBlank() && named.asText().length() <= LONGEST) {
                return Optional.of(new Target(naming.kind() == null ? own : naming.kind(), named.asText()));
            }
        }
        return Optional.ofNullable(answer)
                .map(result -> result.path("id"))
                .filter(JsonNode::isTextual)
                .map(id -> new Target(own, id.asText()));
    }
}
