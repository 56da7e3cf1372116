package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.graph.obligation.DueTimes;
import org.jspecify.annotations.Nullable;

/** What the first trip found: the nodes and live edges a batch names, and the slugs that are taken. */
final class Found {
    /** An edge that is there. */
    record Edge(
            UUID id,
            int version,
            @Nullable Instant validFrom,
            @Nullable Instant validTo) {

        /** Whether it holds in all of a period; an end that is null is open. */
        boolean covers(@Nullable Instant from, @Nullable Instant to) {
            boolean begun = validFrom == null || (from != null && !validFrom.isAfter(from));
            return begun && (validTo == null || (to != null && !validTo.isBefore(to)));
        }

        /** Whether it has ended. */
        boolean over(Instant now) {
            return validTo != null && !validTo.isAfter(now);
        }

        /** Whether a rollback has withdrawn it: it holds for the shortest time there is, which is no time. */
        boolean withdrawn() {
            return validFrom != null && validTo != null && !validTo.isAfter(validFrom.plus(1, ChronoUnit.MICROS));
        }

        /** Whether it holds in some of a period. */
        boolean overlaps(Instant from, @Nullable Instant to) {
            return (validTo == null || validTo.isAfter(from))
                    && (to == null || validFrom == null || validFrom.isBefore(to));
        }
    }

    private final Map<String, Draft> nodes = new HashMap<>();
    private final Map<Integer, List<Edge>> links = new HashMap<>();
    private final Map<String, Edge> edges = new HashMap<>();
    private final Set<String> slugs = new HashSet<>();
    private final JsonNode terms;
    private final JsonNode policies;
    private final @Nullable String zone;

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
                    Draft.time(row.path("valid_from")),
                    Draft.time(row.path("valid_to")));
            if (row.has("l")) {
                links.computeIfAbsent(row.get("l").intValue(), op -> new ArrayList<>())
                        .add(edge);
            } else {
                edges.put(row.get("id").textValue(), edge);
            }
        }
        terms = answer.path("terms");
        policies = answer.path("policies");
        zone = answer.path("zone").textValue();
        answer.get("slugs").forEach(slug -> slugs.add(slug.textValue()));
    }

    Optional<Draft> node(String token) {
        return Optional.ofNullable(nodes.get(token));
    }

    /** The edge without an end that the op at this place names by type and ends. */
    Optional<Edge> link(int op) {
        return links(op).stream().filter(edge -> edge.validTo() == null).findFirst();
    }

    /** The one that the op at this place ends: without an end, or with one that is still to come. */
    Optional<Edge> holding(int op, Instant now) {
        return link(op).or(
                        () -> links(op).stream().filter(edge -> !edge.over(now)).findFirst());
    }

    /** That one and those of other periods. */
    List<Edge> links(int op) {
        return links.getOrDefault(op, List.of());
    }

    Optional<Edge> edge(String id) {
        return Optional.ofNullable(edges.get(id));
    }

    /** The SLA that a turn state, conversation or engagement stands under, if it does under one. */
    Optional<DueTimes.Terms> terms(UUID node) {
        JsonNode found = terms.path(node.toString());
        return found.isMissingNode() ? Optional.empty() : Optional.of(Json.convert(found, DueTimes.Terms.class));
    }

    /** The time zone that the company's own entity names; null when it names none, or nothing of the batch has a time that is due. */
    @Nullable
    String zone() {
        return zone;
    }

    /** A node's redaction policy; read for batches that retain something only. */
    String policy(UUID node) {
        return policies.path(node.toString()).asText("none");
    }

    boolean taken(String slug) {
        return slugs.contains(slug);
    }
}
