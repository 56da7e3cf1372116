package org.capitania.approval.proposal;

import static org.capitania.contract.event.OwnerDecided.Decision.APPROVE;
import static org.capitania.contract.event.OwnerDecided.Decision.REJECT;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.capitania.approval.proposal.ProposalState.Decided;
import org.capitania.approval.proposal.ProposalState.Open;
import org.capitania.approval.proposal.ProposalState.Pending;
import org.capitania.approval.proposal.ProposalState.Stale;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.ApproveRequest;
import org.capitania.contract.api.ProposalView;
import org.capitania.contract.api.RejectRequest;
import org.capitania.contract.event.FrozenCall;
import org.capitania.servicekit.orm.Orm;
import org.capitania.servicekit.orm.OrmTx;
import org.jspecify.annotations.Nullable;

/** A person's yes or no. Of two decisions at once the first counts; the second is told {@code already_decided}. */
@ApplicationScoped
public class DecideProposal {
    private final Orm orm;
    private final ProposalStore store;
    private final ProposalQueries queries;
    private final FrozenCalls frozenCalls;
    private final Refusals refusals;
    private final ProposalConfig config;
    private final Clock clock;

    DecideProposal(
            Orm orm,
            ProposalStore store,
            ProposalQueries queries,
            FrozenCalls frozenCalls,
            Refusals refusals,
            ProposalConfig config,
            Clock clock) {
        this.orm = orm;
        this.store = store;
        this.queries = queries;
        this.frozenCalls = frozenCalls;
        this.refusals = refusals;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Approves exactly the current revision. One that came back stale is first checked again at tool-registry, so that what is approved
     * rests on the facts as they are now; what they make look otherwise waits for another look.
     */
    public ProposalView approve(UUID id, Decider decider, ApproveRequest request) {
        refusals.requirePerson(id, "approve", decider);
        return approve(id, decider, request, null).orElseGet(() -> {
            ProposalView stale = queries.one(decider.scope(), id);
            // Someone may have edited it since: the yes is to what was shown.
            requireCurrent(stale.revision(), stale.digest(), request);
            FrozenCall checked = frozenCalls.revise(decider.scope(), id, stale.arguments());
            ApproveRequest same = new ApproveRequest(stale.digest(), stale.revision());
            return approve(id, decider, same, checked).orElseThrow(() -> changed(checked.revision()));
        });
    }

    /** Rejects; the reason is what the agent learns from. */
    public ProposalView reject(UUID id, Decider decider, RejectRequest request) {
        refusals.requirePerson(id, "reject", decider);
        String reason = request.reason() == null ? "" : request.reason().strip();
        if (reason.isEmpty()) {
            throw new CapitaniaException(
                    ErrorCode.BAD_REQUEST, "a rejection needs a reason: the agent learns from it, and sees it");
        }
        return orm.tx(
                decider.scope(),
                tx -> store.lock(tx, id)
                        .chain(row -> store.decidedBefore(tx, id, REJECT, decider.idempotencyKey())
                                .chain(before -> {
                                    if (before) {
                                        return queries.view(tx, row);
                                    }
                                    Instant now = clock.instant();
                                    Open open = open(row, now);
                                    Decided decided = new Decided(decider.actor(), now);
                                    return store.decide(
                                                    tx,
                                                    DecisionRow.of(store.newId(), row, REJECT, decider, now, reason))
                                            .chain(() -> store.take(tx, row, open.reject(decided, reason), now))
                                            .chain(() -> queries.view(tx, row));
                                })));
    }

    /** Empty: it is stale and has to be checked again first, or was and does not look as it did. */
    private Optional<ProposalView> approve(
            UUID id, Decider decider, ApproveRequest request, @Nullable FrozenCall checked) {
        return orm.tx(
                decider.scope(),
                tx -> store.lock(tx, id)
                        .chain(row -> store.decidedBefore(tx, id, APPROVE, decider.idempotencyKey())
                                .chain(before -> {
                                    if (before) {
                                        return queries.view(tx, row).map(Optional::of);
                                    }
                                    Instant now = clock.instant();
                                    Open open = open(row, now);
                                    requireCurrent(row.revision, row.digest, request);
                                    return switch (open) {
                                        case Stale stale
                                        when checked == null -> Uni.createFrom().item(Optional.<ProposalView>empty());
                                        case Stale stale ->
                                            refresh(tx, row, checked, decider, now)
                                                    .chain(asSeen -> asSeen
                                                            ? approve(tx, row, stale, decider, now)
                                                            : lookAgain(tx, row, stale, now));
                                        case Pending pending -> approve(tx, row, pending, decider, now);
                                    };
                                })));
    }

    private Uni<Optional<ProposalView>> approve(OrmTx tx, ProposalRow row, Open open, Decider decider, Instant now) {
        DecisionRow decision = DecisionRow.of(
                store.newId(), row, APPROVE, decider, now, decider.scope().reason());
        Decided decided = new Decided(decider.actor(), now);
        return store.decide(tx, decision)
                .chain(() -> store.take(tx, row, open.approve(decided, now.plus(config.approvalExpiresAfter())), now))
                .chain(() -> queries.view(tx, row))
                .map(Optional::of);
    }

    private Uni<Optional<ProposalView>> lookAgain(OrmTx tx, ProposalRow row, Stale stale, Instant now) {
        return store.take(tx, row, stale.revise(now.plus(config.expireAfter())), now)
                .replaceWith(Optional.empty());
    }

    /** Takes over the revision that rests on the current facts; whether people are shown the same by it as before. */
    private Uni<Boolean> refresh(OrmTx tx, ProposalRow row, FrozenCall checked, Decider decider, Instant now) {
        if (!checked.digest().equals(row.digest)) {
            throw changed(row.revision);
        }
        if (checked.revision() == row.revision) {
            return Uni.createFrom().item(true);
        }
        return store.current(tx, row).chain(before -> {
            row.revise(checked);
            return tx.session()
                    .persist(RevisionRow.of(store.newId(), row.id, checked, decider.actor(), now))
                    .replaceWith(checked.rendering().equals(before.rendering()));
        });
    }

    private static Open open(ProposalRow row, Instant now) {
        if (!(row.state() instanceof Open open)) {
            throw new CapitaniaException(
                    ErrorCode.ALREADY_DECIDED, "the proposal is " + row.status().wire() + " already");
        }
        if (open.over(now)) {
            throw new CapitaniaException(
                    ErrorCode.PROPOSAL_EXPIRED, "the proposal expired at " + open.expiresAt() + ", undecided");
        }
        return open;
    }

    private static void requireCurrent(int revision, String digest, ApproveRequest request) {
        boolean sameDigest = request.digest() == null || request.digest().equals(digest);
        boolean sameRevision = request.revision() == null || request.revision() == revision;
        if (!sameDigest || !sameRevision) {
            throw changed(revision);
        }
    }

    private static CapitaniaException changed(int revision) {
        return new CapitaniaException(
                        ErrorCode.PROPOSAL_CHANGED,
                        "the proposal is at revision " + revision + " by now; what you saw is not what would be done")
                .withHint("look at it again, then decide");
    }
}
