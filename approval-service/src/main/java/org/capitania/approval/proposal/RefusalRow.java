package org.capitania.approval.proposal;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A row of {@code refusals}: someone who is no person tried to decide. */
@Entity
@Table(name = "refusals")
class RefusalRow {
    @Id
    UUID id;

    @Column(name = "proposal_id")
    UUID proposalId;

    @Column
    String attempt;

    @Column
    String actor;

    @Column
    String principal;

    @Column(name = "refused_at")
    Instant refusedAt;

    protected RefusalRow() {}

    static RefusalRow of(UUID id, UUID proposal, String attempt, String actor, String principal, Instant at) {
        RefusalRow row = new RefusalRow();
        row.id = id;
        row.proposalId = proposal;
        row.attempt = attempt;
        row.actor = actor;
        row.principal = principal;
        row.refusedAt = at;
        return row;
    }
}
