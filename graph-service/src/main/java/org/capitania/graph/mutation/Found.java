package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What the first trip found: the nodes and live edges a batch names, and the slugs that are taken. */
final class Found {
    /** An edge that is there. */
    record Edge(UUID id, int version, boolean ended) {}

    private final Map<String, Draft> nodes = new HashMap<>();
    private final Map<Integer, Edge> links = new HashMap<>();
    private final Map<String, Edge> edges = new HashMap<>();
    private final Set<String> slugs = new HashSet<>();

    Found(JsonNode answer) {
        // The same node may come back under two tokens; it stays one draft.
        Map<String, Draft> byId = new HashMap<>();
        for (JsonNode row : answer.get("nodes")) {
            Draft draft = byId.get(row.get("id").textValue());
            if (draft == null || (row.has("props") && draft.props.isEmpty())) {
                draft = Draft.of(row);
                byId.put(row.get("id").textValue(), draft);
            }
        }
        for (JsonNode row : answer.get("nodes")) {
            Draft draft = byId.get(row.get("id").textValue());
            if (draft != null) {
                nodes.put(row.get("t").textValue(), draft);
            }
        }
        for (JsonNode row : answer.get("edges")) {
            Edge edge = new Edge(
                    UUID.fromString(row.get("id").textValue()),
                    row.get("version").intValue(),
                    row.path("ended").booleanValue());
            if (row.has("l")) {
                links.put(row.get("l").intValue(), edge);
            } else {
                edges.put(row.get("id").textValue(), edge);
            }
        }
        answer.get("slugs").forEach(slug -> slugs.add(slug.textValue()));
    }

    Optional<Draft> node(String token) {
        return Optional.ofNullable(nodes.get(token));
    }

    /** The live edge that the op at this place names by type and ends. */
    Optional<Edge> link(int op) {
        return Optional.ofNullable(links.get(op));
    }

    Optional<Edge> edge(String id) {
        return Optional.ofNullable(edges.get(id));
    }

    boolean taken(String slug) {
        return slugs.contains(slug);
    }
}
