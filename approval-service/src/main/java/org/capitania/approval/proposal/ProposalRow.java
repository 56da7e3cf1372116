package org.capitania.approval.proposal;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.capitania.approval.proposal.ProposalState.Approved;
import org.capitania.approval.proposal.ProposalState.Claimed;
import org.capitania.approval.proposal.ProposalState.Decided;
import org.capitania.approval.proposal.ProposalState.Executed;
import org.capitania.approval.proposal.ProposalState.Executing;
import org.capitania.approval.proposal.ProposalState.Expired;
import org.capitania.approval.proposal.ProposalState.Failed;
import org.capitania.approval.proposal.ProposalState.Pending;
import org.capitania.approval.proposal.ProposalState.Rejected;
import org.capitania.approval.proposal.ProposalState.Stale;
import org.capitania.approval.proposal.ProposalState.Unknown;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.event.FrozenCall;
import org.jspecify.annotations.Nullable;

/** A row of {@code proposals}; the columns of its state change only together, through {@link #move}. The tenant is filled in by the store. */
@Entity
@Table(name = "proposals")
class ProposalRow {
    @Id
    UUID id;

    @Version
    @Column
    int version;

    @Column
    int steps;

    @Column
    String tool;

    @Column
    String agent;

    @Column
    String risk;

    @Column(name = "call_id")
    String callId;

    @Column(name = "business_key")
    String businessKey;

    @Column
    boolean tainted;

    @Column(name = "task_id")
    @Nullable
    String taskId;

    @Column(name = "session_id")
    @Nullable
    String sessionId;

    @Column(name = "conversation_id")
    @Nullable
    String conversationId;

    @Column(name = "interaction_id")
    @Nullable
    String interactionId;

    @Column
    String summary;

    @Column
    int revision;

    @Column
    String digest;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "updated_at")
    Instant updatedAt;

    @Column
    private String status;

    @Column(name = "expires_at")
    @Nullable
    private Instant expiresAt;

    @Column(name = "decided_by")
    @Nullable
    private String decidedBy;

    @Column(name = "decided_at")
    @Nullable
    private Instant decidedAt;

    @Column(name = "claim_key")
    @Nullable
    private String claimKey;

    @Column(name = "claimed_at")
    @Nullable
    private Instant claimedAt;

    @Column(name = "finished_at")
    @Nullable
    private Instant finishedAt;

    @Column
    @Nullable
    private String reason;

    @Column
    @Nullable
    private String result;

    /** For Hibernate. */
    protected ProposalRow() {}

    /** A new row that waits; {@code frozen} is what tool-registry answered, not what a record said. */
    static ProposalRow of(UUID id, FrozenCall frozen, Instant now, Instant expiresAt) {
        ProposalRow row = new ProposalRow();
        row.id = id;
        row.tool = frozen.tool();
        row.agent = frozen.agent();
        row.risk = frozen.risk();
        row.callId = frozen.callId();
        row.businessKey = frozen.businessKey();
        row.tainted = frozen.tainted();
        row.taskId = frozen.taskId();
        row.sessionId = frozen.sessionId();
        row.conversationId = frozen.conversationId();
        row.interactionId = frozen.interactionId();
        row.createdAt = frozen.createdAt();
        row.revise(frozen);
        row.move(new Pending(expiresAt), now);
        return row;
    }

    /** Takes over what another revision would do. */
    void revise(FrozenCall frozen) {
        summary = frozen.rendering().summary();
        revision = frozen.revision();
        digest = frozen.digest();
    }

    ProposalStatus status() {
        return ProposalStatus.fromWire(status);
    }

    ProposalState state() {
        return switch (status()) {
            case PENDING -> new Pending(there(expiresAt));
            case STALE -> new Stale(there(reason), result, there(expiresAt));
            case APPROVED -> new Approved(decided(), there(expiresAt));
            case EXECUTING -> new Executing(decided(), claimed());
            case EXECUTED -> new Executed(decided(), claimed(), there(finishedAt), result);
            case FAILED -> new Failed(decided(), claimed(), there(finishedAt), there(reason), result);
            case UNKNOWN -> new Unknown(decided(), claimed(), there(finishedAt), there(reason), result);
            case REJECTED -> new Rejected(decided(), there(reason));
            case EXPIRED -> new Expired(there(finishedAt), there(reason));
        };
    }

    void move(ProposalState to, Instant now) {
        status = to.status().wire();
        updatedAt = now;
        expiresAt = null;
        decidedBy = null;
        decidedAt = null;
        claimKey = null;
        claimedAt = null;
        finishedAt = null;
        reason = null;
        result = null;
        switch (to) {
            case Pending s -> expiresAt = s.expiresAt();
            case Stale s -> {
                expiresAt = s.expiresAt();
                reason = s.reason();
                result = s.difference();
            }
            case Approved s -> {
                expiresAt = s.expiresAt();
                decided(s.decided());
            }
            case Executing s -> acted(s.decided(), s.claimed());
            case Executed s -> {
                acted(s.decided(), s.claimed());
                finished(s.at(), null, s.result());
            }
            case Failed s -> {
                acted(s.decided(), s.claimed());
                finished(s.at(), s.reason(), s.result());
            }
            case Unknown s -> {
                acted(s.decided(), s.claimed());
                finished(s.at(), s.reason(), s.result());
            }
            case Rejected s -> {
                decided(s.decided());
                finished(s.decided().at(), s.reason(), null);
            }
            case Expired s -> finished(s.at(), s.reason(), null);
        }
    }

    @Nullable
    Instant expiresAt() {
        return expiresAt;
    }

    @Nullable
    String reason() {
        return reason;
    }

    @Nullable
    String result() {
        return result;
    }

    private Decided decided() {
        return new Decided(there(decidedBy), there(decidedAt));
    }

    private Claimed claimed() {
        return new Claimed(there(claimKey), there(claimedAt));
    }

    private void decided(Decided decided) {
        decidedBy = decided.by();
        decidedAt = decided.at();
    }

    private void acted(Decided decided, Claimed claimed) {
        decided(decided);
        claimKey = claimed.key();
        claimedAt = claimed.at();
    }

    private void finished(Instant at, @Nullable String why, @Nullable String what) {
        finishedAt = at;
        reason = why;
        result = what;
    }

    /** A column that this status always has: the CHECK of the table says so. */
    private static <T> T there(@Nullable T column) {
        return Objects.requireNonNull(column);
    }
}
