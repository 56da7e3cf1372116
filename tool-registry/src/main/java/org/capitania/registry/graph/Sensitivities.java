package org.capitania.registry.graph;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.contract.Service;
import org.capitania.contract.api.GraphTypes;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;

/** How each type's props are tagged: financial, legal, compliance, personal. Types are data and may change: what is known is asked for again. */
@ApplicationScoped
public class Sensitivities {
    private static final Duration FRESH = Duration.ofMinutes(1);

    private record Known(Instant at, Map<String, Map<String, String>> byType) {}

    private final Peers peers;
    private final Clock clock;
    private final Map<String, Known> byTenant = new ConcurrentHashMap<>();

    Sensitivities(Peers peers, Clock clock) {
        this.peers = peers;
        this.clock = clock;
    }

    /** Prop name to tag, for the props of a type that have one. */
    public Map<String, String> of(Scope scope, String type) {
        return types(scope).getOrDefault(type, Map.of());
    }

    /** Whether any type has a prop of this name with a tag. */
    public boolean tagged(Scope scope, String prop) {
        return types(scope).values().stream().anyMatch(tags -> tags.containsKey(prop));
    }

    private Map<String, Map<String, String>> types(Scope scope) {
        Known known = byTenant.get(scope.tenant());
        if (known == null || known.at().plus(FRESH).isBefore(clock.instant())) {
            GraphTypes types = peers.get(Service.GRAPH_SERVICE, "/v1/types", scope, GraphTypes.class);
            Map<String, Map<String, String>> all = new HashMap<>();
            types.nodes().forEach(t -> all.put(t.name(), tags(t.schema())));
            known = new Known(clock.instant(), all);
            byTenant.put(scope.tenant(), known);
        }
        return known.byType();
    }

    private static Map<String, String> tags(JsonNode schema) {
        Map<String, String> tags = new HashMap<>();
        schema.path("properties").properties().forEach(p -> {
            String tag = p.getValue().path("x-sensitivity").asText("");
            if (!tag.isEmpty()) {
                tags.put(p.getKey(), tag);
            }
        });
        return tags;
    }
}
