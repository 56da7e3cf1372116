package org.capitania.approval.proposal;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.ProposalView;
import org.capitania.contract.event.OwnerDecided;
import org.jspecify.annotations.Nullable;

/** A row of {@code decisions}; written once. */
@Entity
@Table(name = "decisions")
class DecisionRow {
    @Id
    UUID id;

    @Column(name = "proposal_id")
    UUID proposalId;

    @Column
    String decision;

    @Column
    int revision;

    @Column
    String digest;

    @Column(name = "decided_by")
    String decidedBy;

    @Column
    String principal;

    @Column(name = "decided_at")
    Instant decidedAt;

    @Column
    @Nullable
    String reason;

    @Column(name = "arguments_before")
    @Nullable
    String argumentsBefore;

    @Column(name = "arguments_after")
    @Nullable
    String argumentsAfter;

    @Column(name = "idempotency_key")
    @Nullable
    String idempotencyKey;

    protected DecisionRow() {}

    /** What {@code decider} said about the revision that {@code proposal} is at now. */
    static DecisionRow of(
            UUID id,
            ProposalRow proposal,
            OwnerDecided.Decision decision,
            Decider decider,
            Instant at,
            @Nullable String reason) {
        DecisionRow row = new DecisionRow();
        row.id = id;
        row.proposalId = proposal.id;
        row.decision = Json.convert(decision, String.class);
        row.revision = proposal.revision;
        row.digest = proposal.digest;
        row.decidedBy = decider.actor();
        row.principal = decider.principal();
        row.decidedAt = at;
        row.reason = reason;
        row.idempotencyKey = decider.idempotencyKey();
        return row;
    }

    DecisionRow changing(String before, String after) {
        argumentsBefore = before;
        argumentsAfter = after;
        return this;
    }

    ProposalView.Decision view() {
        return new ProposalView.Decision(
                id.toString(),
                decision,
                revision,
                digest,
                decidedBy,
                decidedAt,
                reason,
                tree(argumentsBefore),
                tree(argumentsAfter));
    }

    private static @Nullable JsonNode tree(@Nullable String json) {
        return json == null ? null : Json.read(json, JsonNode.class);
    }
}
