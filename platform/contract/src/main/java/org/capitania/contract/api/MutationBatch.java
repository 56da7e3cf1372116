package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the graph ({@code POST /v1/mutations}): all of it in one transaction, or nothing. Repeated under the same {@code Idempotency-Key} it answers what it answered
 * first. 422 {@code schema_violation} with a path per fault, 409 {@code version_conflict}, {@code duplicate}, {@code cardinality}; 404 for a node that is not there.
 *
 * @param ops in order; an op names a node of an earlier or later op by {@code @ref}
 * @param events semantic events published with the change; a caller may send only the types that are its own ({@code events.md})
 */
public record MutationBatch(List<MutationOp> ops, List<SemanticEvent> events) {

    @JsonCreator
    public MutationBatch(@Nullable List<MutationOp> ops, @Nullable List<SemanticEvent> events) {
        this.ops = ops == null ? List.of() : List.copyOf(ops);
        this.events = events == null ? List.of() : List.copyOf(events);
    }

    /**
     * An event published in the transaction of the change. In {@code key} and in members of {@code data} called {@code id}, {@code slug}, {@code …_id} or {@code …_slug} the value
     * {@code @ref} stands for the id of that op's node, {@code @ref.slug} for its slug.
     *
     * @param key the aggregate it is ordered by
     * @param ifCreated published only when this op ({@code @ref}) created its node, so that a repeated batch says nothing twice
     * @param ifExisted published only when the node of this op ({@code @ref}) was there before
     */
    public record SemanticEvent(
            String type,
            String key,
            @Nullable String subject,
            JsonNode data,
            @Nullable String ifCreated,
            @Nullable String ifExisted) {}
}
