package org.capitania.approval.proposal;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorType;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.FrozenCall;
import org.capitania.contract.event.ProposalChanged;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Outcome;
import org.capitania.servicekit.orm.Orm;
import org.capitania.servicekit.orm.OrmTx;

/**
 * Puts a frozen call into the queue. The event only says where to look: what waits for a person is what tool-registry answers when
 * asked for it.
 */
@ApplicationScoped
class ReceiveProposal {
    private final Orm orm;
    private final ProposalStore store;
    private final FrozenCalls frozenCalls;
    private final ProposalConfig config;
    private final Clock clock;

    ReceiveProposal(Orm orm, ProposalStore store, FrozenCalls frozenCalls, ProposalConfig config, Clock clock) {
        this.orm = orm;
        this.store = store;
        this.frozenCalls = frozenCalls;
        this.config = config;
        this.clock = clock;
    }

    Outcome handle(Event event, InboxScope inbox) {
        if (!event.type().equals(FrozenCall.TYPE)) {
            return Outcome.DONE;
        }
        UUID id;
        FrozenCall frozen;
        try {
            id = UUID.fromString(event.key());
            frozen = frozenCalls.get(inbox.scope(), id);
        } catch (IllegalArgumentException e) {
            return new Outcome.Reject("the key " + event.key() + " is no proposal id");
        } catch (CapitaniaException e) {
            if (e.code().type() == ErrorType.NOT_FOUND) {
                return new Outcome.Reject("tool-registry knows no such frozen call: " + e.detail());
            }
            throw e;
        }
        if (!frozen.proposalId().equals(event.key())) {
            return new Outcome.Reject("tool-registry answered with another proposal: " + frozen.proposalId());
        }
        orm.once(
                inbox,
                tx -> store.exists(tx, id)
                        .chain(known -> known ? Uni.createFrom().voidItem() : insert(tx, id, frozen)));
        return Outcome.DONE;
    }

    private Uni<Void> insert(OrmTx tx, UUID id, FrozenCall frozen) {
        Instant now = clock.instant();
        ProposalRow row = ProposalRow.of(id, frozen, now, now.plus(config.expireAfter()));
        tx.afterCommit(() -> Log.infof(
                "proposal waits tenant=%s proposal=%s agent=%s tool=%s",
                tx.scope().tenant(), id, row.agent, row.tool));
        return tx.session()
                .persist(row)
                .chain(() -> tx.session().persist(RevisionRow.of(store.newId(), id, frozen, frozen.agent(), now)))
                .chain(() -> store.record(
                        tx, row, ProposalChanged.PREFIX + row.status().wire(), now, null));
    }
}
