package org.capitania.approval.proposal;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
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
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.contract.api.Claim;
import org.capitania.contract.api.ClaimRequest;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ProposalView;
import org.capitania.contract.api.ReportRequest;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.orm.Orm;
import org.jspecify.annotations.Nullable;

/** The gateway's half: it takes an approval, once, and says how the act ended. A repeated claim or report is the first one again. */
@ApplicationScoped
class ExecuteProposal {
    private final Orm orm;
    private final ProposalStore store;
    private final ProposalQueries queries;
    private final Refusals refusals;
    private final ProposalConfig config;
    private final Clock clock;

    ExecuteProposal(
            Orm orm,
            ProposalStore store,
            ProposalQueries queries,
            Refusals refusals,
            ProposalConfig config,
            Clock clock) {
        this.orm = orm;
        this.store = store;
        this.queries = queries;
        this.refusals = refusals;
        this.config = config;
        this.clock = clock;
    }

    /** A claim that is none, such as a second one, is kept beside the proposal for people to see. */
    Claim claim(UUID id, Scope scope, ClaimRequest request) {
        String key = requireKey(request.claimKey());
        try {
            return claim(id, scope, key);
        } catch (CapitaniaException e) {
            if (e.code().type() == ErrorType.CONFLICT) {
                refusals.note(id, "carry out", scope, scope.actor());
            }
            throw e;
        }
    }

    private Claim claim(UUID id, Scope scope, String key) {
        return orm.tx(
                scope,
                tx -> store.lock(tx, id).chain(row -> {
                    Instant now = clock.instant();
                    Decided decided = switch (row.state()) {
                        case Approved approved
                        when approved.over(now) ->
                            throw new CapitaniaException(
                                    ErrorCode.PROPOSAL_EXPIRED, "the approval was good until " + approved.expiresAt());
                        case Approved approved -> approved.decided();
                        case Executing e -> same(e.claimed(), key, e.decided());
                        case Executed e -> same(e.claimed(), key, e.decided());
                        case Failed e -> same(e.claimed(), key, e.decided());
                        case Unknown e -> same(e.claimed(), key, e.decided());
                        case Pending p -> throw notApproved(row);
                        case Stale s -> throw notApproved(row);
                        case Rejected r -> throw notApproved(row);
                        case Expired e -> throw notApproved(row);
                    };
                    Instant expires = decided.at().plus(config.approvalExpiresAfter());
                    Claim claim =
                            new Claim(id.toString(), row.revision, row.digest, decided.by(), decided.at(), expires);
                    return row.state() instanceof Approved approved
                            ? store.take(tx, row, approved.claim(new Claimed(key, now)), now)
                                    .replaceWith(claim)
                            : io.smallrye.mutiny.Uni.createFrom().item(claim);
                }));
    }

    ProposalView report(UUID id, Scope scope, ReportRequest request) {
        String key = requireKey(request.claimKey());
        return orm.tx(
                scope,
                tx -> store.lock(tx, id).chain(row -> {
                    Instant now = clock.instant();
                    ProposalState to = next(row, key, request, now);
                    return to == null
                            ? queries.view(tx, row)
                            : store.take(tx, row, to, now).chain(() -> queries.view(tx, row));
                }));
    }

    /** Where the report leads; null when it was reported before. */
    private @Nullable ProposalState next(ProposalRow row, String key, ReportRequest request, Instant now) {
        if (row.status() == request.status() && row.status() != ProposalStatus.EXECUTING) {
            return null;
        }
        String result = request.result() == null ? null : Json.write(request.result());
        String reason = request.reason() == null || request.reason().isBlank() ? "no reason given" : request.reason();
        return switch (row.state()) {
            case Executing executing -> {
                same(executing.claimed(), key, executing.decided());
                yield switch (request.status()) {
                    case EXECUTED -> executing.executed(now, result);
                    case FAILED -> executing.failed(now, reason, result);
                    case UNKNOWN -> executing.unknown(now, reason, result);
                    case STALE -> executing.stale(reason, result, now.plus(config.expireAfter()));
                    case PENDING, APPROVED, EXECUTING, REJECTED, EXPIRED -> throw notAnOutcome(request.status());
                };
            }
            case Unknown unknown -> {
                same(unknown.claimed(), key, unknown.decided());
                yield switch (request.status()) {
                    case EXECUTED -> unknown.executed(now, result);
                    case FAILED -> unknown.failed(now, reason, result);
                    case UNKNOWN -> null;
                    case STALE, PENDING, APPROVED, EXECUTING, REJECTED, EXPIRED -> throw notAnOutcome(request.status());
                };
            }
            case Pending p -> throw notClaimed(row);
            case Stale s -> throw notClaimed(row);
            case Approved a -> throw notClaimed(row);
            case Rejected r -> throw notClaimed(row);
            case Expired e -> throw notClaimed(row);
            case Executed e -> throw settled(row);
            case Failed f -> throw settled(row);
        };
    }

    private static Decided same(Claimed claimed, String key, Decided decided) {
        if (!claimed.key().equals(key)) {
            throw new CapitaniaException(
                    ErrorCode.ALREADY_CLAIMED, "the proposal was claimed at " + claimed.at() + " with another key");
        }
        return decided;
    }

    private static String requireKey(@Nullable String key) {
        if (key == null || key.isBlank()) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "claim_key is missing");
        }
        return key;
    }

    private static CapitaniaException notApproved(ProposalRow row) {
        return new CapitaniaException(
                ErrorCode.NOT_APPROVED,
                "the proposal is " + row.status().wire() + "; only an approved one can be claimed");
    }

    private static CapitaniaException notClaimed(ProposalRow row) {
        return new CapitaniaException(
                ErrorCode.NOT_APPROVED, "the proposal is " + row.status().wire() + "; nobody claimed it");
    }

    private static CapitaniaException settled(ProposalRow row) {
        return new CapitaniaException(
                ErrorCode.ALREADY_DECIDED,
                "the proposal was reported " + row.status().wire() + " before");
    }

    private static CapitaniaException notAnOutcome(ProposalStatus status) {
        return new CapitaniaException(
                ErrorCode.BAD_REQUEST,
                status.wire() + " is no outcome of an act; expected executed, failed, stale or unknown");
    }
}
