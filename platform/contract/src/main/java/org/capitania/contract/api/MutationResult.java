package org.capitania.contract.api;

import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link MutationBatch} did: one result an op, in order.
 *
 * @param auditEventId the batch, as history names it ({@code mutation_id})
 */
public record MutationResult(List<OpResult> results, String auditEventId) {

    /** The result of the create that carried this ref. */
    public OpResult byRef(String ref) {
        return results.stream()
                .filter(result -> ref.equals(result.ref()))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no op has the ref " + ref));
    }

    /**
     * What one op did.
     *
     * @param id of the node, or of the edge
     * @param slug of the node
     * @param version after the batch
     * @param created whether it was this op that made it
     * @param changed whether anything was written; an op that asks for what is already so writes nothing
     */
    public record OpResult(
            String op,
            @Nullable String ref,
            String id,
            @Nullable String slug,
            int version,
            boolean created,
            boolean changed) {}
}
