package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a {@link MutationBatch}. A node is named by its id, its slug, or {@code @ref} of a create in the same batch. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
    @JsonSubTypes.Type(value = MutationOp.Create.class, name = "create"),
    @JsonSubTypes.Type(value = MutationOp.Patch.class, name = "patch"),
    @JsonSubTypes.Type(value = MutationOp.Archive.class, name = "archive"),
    @JsonSubTypes.Type(value = MutationOp.Link.class, name = "link"),
    @JsonSubTypes.Type(value = MutationOp.Unlink.class, name = "unlink"),
    @JsonSubTypes.Type(value = MutationOp.Supersede.class, name = "supersede"),
    @JsonSubTypes.Type(value = MutationOp.Merge.class, name = "merge"),
    @JsonSubTypes.Type(value = MutationOp.Retain.class, name = "retain")
})
public sealed interface MutationOp {

    /**
     * Makes a node.
     *
     * @param ref the name other ops of this batch use, without the {@code @}
     * @param slug by default made of the type and what people call it
     * @param status by default the first one of its type
     * @param props checked against the schema of the type
     * @param producer where the fact comes from; by default the producer of the actor, {@code hq:<actor>}
     * @param owner the node that owns it
     * @param externalSource with {@code externalId} the name it has elsewhere, unique per type
     * @param ifAbsent returns the node that already has this type and external id instead of failing; also when two batches come at once
     * @param occurredAt when it happened, for the time line
     * @param validFrom since when it is true; now by default
     * @param tainted it holds or derives from what came from outside; inherited from tainted sources it is linked to in this batch
     */
    record Create(
            @Nullable String ref,
            String type,
            @Nullable String slug,
            @Nullable String status,
            @Nullable String priority,
            @Nullable ObjectNode props,
            @Nullable List<String> tags,
            @Nullable String producer,
            @Nullable String owner,
            @Nullable String externalSource,
            @Nullable String externalId,
            @Nullable Boolean ifAbsent,
            @Nullable Instant occurredAt,
            @Nullable Instant validFrom,
            @Nullable Instant validTo,
            @Nullable Double confidence,
            @Nullable Boolean tainted)
            implements MutationOp {}

    /**
     * Changes a node; what is absent stays.
     *
     * @param version the version the caller has seen; another one is a conflict
     * @param props merged into the node's; null removes one
     * @param tags replace the node's
     * @param validFrom since when the new state is true; without it the change corrects the whole period
     * @param tainted true marks it; false, that a person vouches for it, only people may say
     */
    record Patch(
            String id,
            @Nullable Integer version,
            @Nullable ObjectNode props,
            @Nullable String status,
            @Nullable String priority,
            @Nullable List<String> tags,
            @Nullable String owner,
            @Nullable Instant occurredAt,
            @Nullable Instant validFrom,
            @Nullable Instant validTo,
            @Nullable Double confidence,
            @Nullable Boolean tainted)
            implements MutationOp {}

    /** Hides a node from lists and search; it stays readable by id, with its history. */
    record Archive(String id, @Nullable Integer version) implements MutationOp {}

    /** States an edge; one that is there already is returned. */
    record Link(
            String type,
            String from,
            String to,
            @Nullable ObjectNode props,
            @Nullable String producer,
            @Nullable Instant validFrom,
            @Nullable Instant validTo,
            @Nullable Double confidence,
            @Nullable Boolean tainted)
            implements MutationOp {}

    /** Ends an edge, named by its id or by type and ends; it stays in history and in what was true before. */
    record Unlink(
            @Nullable String id,
            @Nullable String type,
            @Nullable String from,
            @Nullable String to,
            @Nullable Integer version,
            @Nullable Instant validTo)
            implements MutationOp {}

    /**
     * Replaces a node by another of its type: it is no longer true, is called superseded (or archived, where its type has no such status), and {@code supersedes} leads to it.
     *
     * @param version the version of the replaced one that the caller has seen; another one is a conflict
     */
    record Supersede(String id, String by, @Nullable Integer version) implements MutationOp {}

    /**
     * Merges one node into another of its type, alone in its batch: what is linked to it or owned by it moves, props the other lacks are filled, and it is archived as
     * {@code duplicate_of} the other. Never direct: 422 {@code proposal_required}, unless tool-registry carries out a proposal that a person approved. {@code POST /v1/rollbacks}
     * undoes it exactly.
     *
     * @param proposal the approved proposal, each good for one merge
     */
    record Merge(String id, String into, @Nullable String proposal) implements MutationOp {
        public Merge(String id, String into) {
            this(id, into, null);
        }
    }

    /**
     * Says that a node has to be kept as it is when a person in it is erased: a legal duty stands above that right. Only a person may, and the request has to say why
     * ({@code X-HQ-Reason}); it is a version of its own.
     *
     * @param lifted true: the duty has ended
     */
    record Retain(String id, @Nullable Boolean lifted) implements MutationOp {}
}
