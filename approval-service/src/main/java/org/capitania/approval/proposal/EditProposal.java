package org.capitania.approval.proposal;

import static org.capitania.contract.event.OwnerDecided.Decision.EDIT;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.capitania.approval.proposal.ProposalState.Open;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.EditRequest;
import org.capitania.contract.api.ProposalView;
import org.capitania.contract.event.FrozenCall;
import org.capitania.contract.event.OwnerEdited;
import org.capitania.contract.event.ProposalChanged;
import org.capitania.servicekit.orm.Orm;
import org.capitania.servicekit.orm.OrmTx;

/**
 * A person's change of what would be done: tool-registry runs every check on the new arguments, then the proposal waits as a new
 * revision. Before and after are kept, for the agents to learn from.
 */
@ApplicationScoped
public class EditProposal {
    private record Seen(int revision, String digest) {}

    private final Orm orm;
    private final ProposalStore store;
    private final ProposalQueries queries;
    private final FrozenCalls frozenCalls;
    private final Refusals refusals;
    private final ProposalConfig config;
    private final Clock clock;

    EditProposal(
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

    public ProposalView edit(UUID id, Decider decider, EditRequest request) {
        refusals.requirePerson(id, "edit", decider);
        if (request.arguments() == null || !request.arguments().isObject()) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "an edit gives the whole new arguments as an object");
        }
        Seen seen = orm.tx(
                decider.scope(),
                tx -> store.find(tx, id).map(row -> {
                    requireOpen(row);
                    if (request.digest() != null && !request.digest().equals(row.digest)) {
                        throw changed(row);
                    }
                    return new Seen(row.revision, row.digest);
                }));
        // Outside of any transaction: tool-registry takes the time it takes, and keeps the revision even if we do not.
        FrozenCall frozen = frozenCalls.revise(decider.scope(), id, request.arguments());
        return orm.tx(
                decider.scope(),
                tx -> store.lock(tx, id).chain(row -> {
                    Open open = requireOpen(row);
                    if (row.revision != seen.revision() || !row.digest.equals(seen.digest())) {
                        throw changed(row);
                    }
                    return frozen.revision() == row.revision
                            ? queries.view(tx, row)
                            : revise(tx, row, open, frozen, decider, request).chain(() -> queries.view(tx, row));
                }));
    }

    private Uni<Void> revise(
            OrmTx tx, ProposalRow row, Open open, FrozenCall frozen, Decider decider, EditRequest request) {
        Instant now = clock.instant();
        String reason = request.reason() == null ? decider.scope().reason() : request.reason();
        return store.current(tx, row).chain(before -> {
            row.revise(frozen);
            row.move(open.revise(now.plus(config.expireAfter())), now);
            DecisionRow decision = DecisionRow.of(store.newId(), row, EDIT, decider, now, reason)
                    .changing(before.arguments, Json.write(frozen.arguments()));
            OwnerEdited edited = new OwnerEdited(
                    row.id.toString(),
                    row.tool,
                    row.agent,
                    row.revision,
                    before.arguments(),
                    frozen.arguments(),
                    row.taskId,
                    row.conversationId,
                    decider.actor(),
                    reason,
                    now);
            return tx.session()
                    .persist(RevisionRow.of(store.newId(), row.id, frozen, decider.actor(), now))
                    .chain(() -> store.decide(tx, decision))
                    .chain(() -> tx.publish(OwnerEdited.TYPE, row.id.toString(), edited))
                    .chain(() -> store.record(tx, row, ProposalChanged.PREFIX + "edited", now, reason));
        });
    }

    private Open requireOpen(ProposalRow row) {
        if (row.state() instanceof Open open) {
            if (open.over(clock.instant())) {
                throw new CapitaniaException(
                        ErrorCode.PROPOSAL_EXPIRED, "the proposal expired at " + open.expiresAt() + ", undecided");
            }
            return open;
        }
        throw new CapitaniaException(
                ErrorCode.ALREADY_DECIDED, "the proposal is " + row.status().wire() + ", it cannot be edited any more");
    }

    private static CapitaniaException changed(ProposalRow row) {
        return new CapitaniaException(
                        ErrorCode.PROPOSAL_CHANGED,
                        "the proposal is at revision " + row.revision + " by now; someone edited it meanwhile")
                .withHint("look at the new version, then edit that one");
    }
}
