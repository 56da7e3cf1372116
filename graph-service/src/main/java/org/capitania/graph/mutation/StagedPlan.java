package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationResult.OpResult;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A plan of creates and links as COPY takes it, one text a staging table, and the little that {@code graph.load_chunk} takes beside.
 *
 * @param nodesMade ops that make a node
 * @param edgesMade ops that make an edge
 * @param settings who made it and in which mutation; what has to be locked and still be clean
 */
public record StagedPlan(
        String nodes, String edges, String events, String refs, int nodesMade, int edgesMade, ObjectNode settings) {

    static StagedPlan of(Plan plan, Scope scope) {
        if (!plan.ended().isEmpty()
                || plan.merging() != null
                || plan.nodes().stream().anyMatch(node -> !node.fresh() && node.changed())) {
            throw new IllegalStateException("only creates and links are staged");
        }
        ObjectNode settings = Json.MAPPER.createObjectNode();
        settings.put("mutation_id", plan.mutationId().toString());
        settings.put("producer_id", plan.producer().toString());
        settings.put("causation_id", scope.causationId());
        settings.put("correlation_id", scope.correlationId());
        settings.put("traceparent", scope.traceparent());
        Set<UUID> locks = new TreeSet<>();
        CopyRows edges = edges(plan.edges(), locks);
        texts(settings.putArray("lock"), locks);
        texts(settings.putArray("clean"), plan.clean());
        return new StagedPlan(
                nodes(plan.nodes()).text(),
                edges.text(),
                events(plan.events()).text(),
                refs(plan.results()).text(),
                made(plan.results(), "create"),
                made(plan.results(), "link"),
                settings);
    }

    private static int made(List<OpResult> results, String op) {
        return (int) results.stream()
                .filter(result -> result.created() && result.op().equals(op))
                .count();
    }

    private static CopyRows nodes(List<Draft> drafts) {
        CopyRows rows = new CopyRows();
        for (Draft node : drafts) {
            if (node.fresh()) {
                rows.value(node.id)
                        .value(node.type)
                        .value(node.slug)
                        .value(node.status)
                        .value(node.priority)
                        .value(node.occurredAt)
                        .value(node.props)
                        .array(node.tags)
                        .value(node.producer == null ? null : node.producer.id)
                        .value(node.owner)
                        .value(node.externalSource)
                        .value(node.externalId)
                        .value(node.validFrom)
                        .value(node.validTo)
                        .value(node.tainted)
                        .value(node.confidence)
                        .value(node.language)
                        .end();
            }
        }
        return rows;
    }

    private static CopyRows edges(List<EdgeDraft> drafts, Set<UUID> locks) {
        CopyRows rows = new CopyRows();
        for (EdgeDraft edge : drafts) {
            // As Plan has it: who adds the last allowed edge, or a period, must not look without the other's.
            lock(locks, edge.from(), edge.type().maxPerFrom().isPresent() || edge.hasPeriod());
            lock(locks, edge.to(), edge.type().maxPerTo().isPresent());
            rows.value(edge.op())
                    .value(edge.id())
                    .value(edge.type().name())
                    .value(edge.from().id)
                    .value(edge.to().id)
                    .value(edge.props())
                    .value(edge.producer().id)
                    .value(edge.validFrom())
                    .value(edge.validTo())
                    .value(edge.tainted())
                    .value(edge.confidence())
                    .value(edge.hasPeriod())
                    .value(orNull(edge.type().maxPerFrom()))
                    .value(orNull(edge.type().maxPerTo()))
                    .end();
        }
        return rows;
    }

    private static CopyRows events(List<Plan.Event> events) {
        CopyRows rows = new CopyRows();
        int place = 0;
        for (Plan.Event event : events) {
            rows.value(place++)
                    .value(event.topic())
                    .value(event.type())
                    .value(event.key())
                    .value(event.subject())
                    .value(event.payload())
                    .end();
        }
        return rows;
    }

    private static CopyRows refs(List<OpResult> results) {
        CopyRows rows = new CopyRows();
        for (OpResult result : results) {
            if (result.ref() != null) {
                rows.value(result.ref()).value(result.id()).end();
            }
        }
        return rows;
    }

    private static void lock(Set<UUID> locks, Draft node, boolean needed) {
        if (needed && !node.fresh()) {
            locks.add(node.id);
        }
    }

    private static @Nullable Integer orNull(OptionalInt most) {
        return most.isPresent() ? (Integer) most.getAsInt() : null;
    }

    private static void texts(ArrayNode array, Set<UUID> ids) {
        ids.forEach(id -> array.add(id.toString()));
    }

    /** Rows in the text format of COPY. */
    private static final class CopyRows {
        private final StringBuilder text = new StringBuilder();
        private boolean begun;

        CopyRows value(@Nullable Object value) {
            if (begun) {
                text.append('\t');
            }
            begun = true;
            if (value == null) {
                text.append("\\N");
            } else {
                escape(value instanceof JsonNode json ? Json.write(json) : value.toString());
            }
            return this;
        }

        CopyRows array(List<String> values) {
            StringBuilder array = new StringBuilder("{");
            for (String value : values) {
                array.append(array.length() > 1 ? "," : "")
                        .append('"')
                        .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            }
            return value(array.append('}').toString());
        }

        void end() {
            text.append('\n');
            begun = false;
        }

        String text() {
            return text.toString();
        }

        private void escape(String value) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                switch (c) {
                    case '\\' -> text.append("\\\\");
                    case '\t' -> text.append("\\t");
                    case '\n' -> text.append("\\n");
                    case '\r' -> text.append("\\r");
                    default -> text.append(c);
                }
            }
        }
    }
}
