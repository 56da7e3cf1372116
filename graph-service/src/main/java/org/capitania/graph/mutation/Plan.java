package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.MutationResult.OpResult;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What a batch will write, with everything it rests on, so that the second trip can refuse it when that has changed.
 *
 * @param clean sources whose being untainted the plan rests on
 * @param producer what a change of an existing row is attributed to
 */
record Plan(
        UUID mutationId,
        List<Draft> nodes,
        List<EdgeDraft> edges,
        List<Ended> ended,
        Set<UUID> clean,
        UUID producer,
        @Nullable Merging merging,
        List<Event> events,
        List<OpResult> results) {

    /**
     * A merge that a person approved.
     *
     * @param bounds how many edges of a type a node may have, by type and end
     */
    record Merging(UUID id, UUID into, String proposal, JsonNode bounds) {}

    /** An edge that no longer holds. */
    record Ended(UUID id, int version, @Nullable Instant validTo) {}

    /** An event for the outbox. */
    record Event(
            String topic, String type, String key, @Nullable String subject, JsonNode payload) {}

    MutationResult result() {
        return new MutationResult(results, mutationId.toString());
    }

    /** The batch as {@code graph.apply} takes it. */
    ObjectNode json(Scope scope, @Nullable String idempotencyKey, @Nullable String fingerprint) {
        ObjectNode batch = Json.MAPPER.createObjectNode();
        batch.put("mutation_id", mutationId.toString());
        batch.put("producer_id", producer.toString());
        batch.put("idempotency_key", idempotencyKey);
        batch.put("fingerprint", fingerprint);
        batch.put("causation_id", scope.causationId());
        batch.put("correlation_id", scope.correlationId());
        batch.put("traceparent", scope.traceparent());
        batch.set("response", Json.tree(result()));
        ArrayNode made = batch.putArray("nodes");
        ArrayNode patches = batch.putArray("patches");
        Set<UUID> lock = new LinkedHashSet<>();
        for (Draft draft : nodes) {
            if (draft.fresh()) {
                made.add(draft.json());
            } else if (draft.changed()) {
                patches.add(draft.json());
                lock.add(draft.id);
            }
        }
        policies(batch, lock);
        ArrayNode links = batch.putArray("edges");
        for (EdgeDraft edge : edges) {
            links.add(edge.json());
            bound(batch, lock, edge, "from", edge.from(), edge.type().maxPerFrom());
            bound(batch, lock, edge, "to", edge.to(), edge.type().maxPerTo());
            if (edge.hasPeriod()) {
                batch.withArrayProperty("spans")
                        .addObject()
                        .put("id", edge.id().toString())
                        .put("path", "/ops/" + edge.op());
                if (!edge.from().fresh()) {
                    // Two batches that state overlapping periods at once would each look without the other's.
                    lock.add(edge.from().id);
                }
            }
        }
        if (merging != null) {
            batch.put("proposal_id", merging.proposal());
            batch.putArray("merges")
                    .addObject()
                    .put("id", merging.id().toString())
                    .put("into", merging.into().toString());
            batch.set("merge_bounds", merging.bounds());
            lock.add(merging.id());
            lock.add(merging.into());
        }
        ArrayNode ends = batch.putArray("ended");
        for (Ended end : ended) {
            ends.addObject()
                    .put("id", end.id().toString())
                    .put("version", end.version())
                    .put("valid_to", Draft.text(end.validTo()));
        }
        texts(batch.putArray("lock"), lock);
        texts(batch.putArray("clean"), clean);
        batch.set("events", Json.tree(events));
        return batch;
    }

    private void policies(ObjectNode batch, Set<UUID> lock) {
        for (Draft draft : nodes) {
            if (draft.policed) {
                batch.withArrayProperty("policies")
                        .addObject()
                        .put("id", draft.id.toString())
                        .put("version", draft.versionAfter() - 1)
                        .put("policy", draft.policy);
                if (!draft.fresh()) {
                    lock.add(draft.id);
                }
            }
        }
    }

    /** The op that makes an edge. */
    String pathOf(String edgeId) {
        return edges.stream()
                .filter(edge -> edge.id().toString().equals(edgeId))
                .map(edge -> "/ops/" + edge.op())
                .findFirst()
                .orElse("/ops");
    }

    /** The edge that the op of a path makes. */
    Optional<EdgeDraft> edgeAt(String path) {
        return edges.stream()
                .filter(edge -> (path + "/").startsWith("/ops/" + edge.op() + "/"))
                .findFirst();
    }

    private static void bound(
            ObjectNode batch, Set<UUID> lock, EdgeDraft edge, String side, Draft node, OptionalInt most) {
        if (most.isPresent()) {
            batch.withArrayProperty("limits")
                    .addObject()
                    .put("id", edge.id().toString())
                    .put("side", side)
                    .put("most", most.getAsInt())
                    .put("path", "/ops/" + edge.op() + "/" + side);
            if (!node.fresh()) {
                // Two batches that add the last allowed edge at once would each count without the other's.
                lock.add(node.id);
            }
        }
    }

    private static void texts(ArrayNode array, Set<UUID> ids) {
        ids.forEach(id -> array.add(id.toString()));
    }
}
