package org.capitania.registry.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import org.capitania.contract.api.GraphTypes;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What the types of a tenant say: how each prop is tagged (financial, legal, compliance, personal), and what of a type is the tenant's own. Types
 * are data and may change: what is known is asked for again.
 */
@ApplicationScoped
public class TenantTypes {
    private static final Duration FRESH = Duration.ofMinutes(1);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final PeerOptions SOON = PeerOptions.DEFAULT.withTimeout(Duration.ofSeconds(2));

    /**
     * What a tenant has added to a type that every company has.
     *
     * @param props prop to its schema
     */
    public record Own(List<String> statuses, List<String> priorities, Map<String, JsonNode> props) {}

    private record Known(Instant until, Map<String, Map<String, String>> tags, Map<String, Own> own) {}

    private final Peers peers;
    private final Clock clock;
    private final Map<String, Known> byTenant = new ConcurrentHashMap<>();
    private final Map<String, Instant> silentUntil = new ConcurrentHashMap<>();

    TenantTypes(Peers peers, Clock clock) {
        this.peers = peers;
        this.clock = clock;
    }

    /** Prop name to tag, for the props of a type that have one. */
    public Map<String, String> tags(Scope scope, String type) {
        return known(scope).tags().getOrDefault(type, Map.of());
    }

    /** Whether any type has a prop of this name with a tag. */
    public boolean tagged(Scope scope, String prop) {
        return known(scope).tags().values().stream().anyMatch(tags -> tags.containsKey(prop));
    }

    /** Type to what the tenant has added to it; as last known, or nothing, while the graph does not answer. */
    public Map<String, Own> own(Scope scope) {
        @Nullable Known before = byTenant.get(scope.tenant());
        boolean silent = clock.instant().isBefore(silentUntil.getOrDefault(scope.tenant(), Instant.MIN));
        if (!silent) {
            try {
                return known(scope).own();
            } catch (CapitaniaException e) {
                Log.debugf("a tenant's own types are asked for later tenant=%s why=%s", scope.tenant(), e.detail());
                silentUntil.put(scope.tenant(), clock.instant().plus(AGAIN));
            }
        }
        return before == null ? Map.of() : before.own();
    }

    private Known known(Scope scope) {
        @Nullable Known known = byTenant.get(scope.tenant());
        if (known == null || !clock.instant().isBefore(known.until())) {
            GraphTypes types = peers.get(Service.GRAPH_SERVICE, "/v1/types", scope, GraphTypes.class, SOON);
            Map<String, Map<String, String>> tags = new HashMap<>();
            Map<String, Own> own = new HashMap<>();
            types.nodes().forEach(type -> {
                tags.put(type.name(), tags(type.schema()));
                Own added = own(type.schema());
                if (!added.statuses().isEmpty()
                        || !added.priorities().isEmpty()
                        || !added.props().isEmpty()) {
                    own.put(type.name(), added);
                }
            });
            known = new Known(clock.instant().plus(FRESH), tags, own);
            byTenant.put(scope.tenant(), known);
        }
        return known;
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

    private static Own own(JsonNode schema) {
        Map<String, JsonNode> props = new TreeMap<>();
        schema.path("properties").properties().forEach(prop -> {
            if (prop.getValue() instanceof ObjectNode own && own.path("x-own").asBoolean()) {
                props.put(prop.getKey(), own.deepCopy());
            }
        });
        JsonNode values = schema.path("x-own-values");
        return new Own(texts(values.path("x-statuses")), texts(values.path("x-priorities")), props);
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }
}
