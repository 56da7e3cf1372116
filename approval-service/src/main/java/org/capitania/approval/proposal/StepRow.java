package org.capitania.approval.proposal;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ProposalView;
import org.jspecify.annotations.Nullable;

/** A row of {@code steps}: one move of the state machine, or one new revision. */
@Entity
@Table(name = "steps")
class StepRow {
    @Id
    UUID id;

    @Column(name = "proposal_id")
    UUID proposalId;

    @Column
    int seq;

    @Column
    String status;

    @Column
    int revision;

    @Column(name = "taken_by")
    String takenBy;

    @Column(name = "taken_at")
    Instant takenAt;

    @Column
    @Nullable
    String reason;

    protected StepRow() {}

    /** The step {@code proposal} has just taken. */
    static StepRow of(UUID id, ProposalRow proposal, String by, Instant at, @Nullable String reason) {
        StepRow row = new StepRow();
        row.id = id;
        row.proposalId = proposal.id;
        row.seq = proposal.steps;
        row.status = proposal.status().wire();
        row.revision = proposal.revision;
        row.takenBy = by;
        row.takenAt = at;
        row.reason = reason;
        return row;
    }

    ProposalView.Step view() {
        return new ProposalView.Step(seq, ProposalStatus.fromWire(status), takenBy, takenAt, revision, reason);
    }
}
