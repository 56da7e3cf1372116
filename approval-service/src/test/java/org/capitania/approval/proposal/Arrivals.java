package org.capitania.approval.proposal;

import static org.awaitility.Awaitility.await;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.event.FrozenCall;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.orm.Orm;

/** Lets frozen calls arrive the way they do: an event on the broker, which is only a doorbell. */
@ApplicationScoped
public class Arrivals {
    private final Orm orm;
    private final ProposalQueries queries;

    Arrivals(Orm orm, ProposalQueries queries) {
        this.orm = orm;
        this.queries = queries;
    }

    /** Announces the call and waits until it is in the queue. */
    public UUID arrive(FrozenCall frozen) {
        return arrive("main", frozen);
    }

    public UUID arrive(String tenant, FrozenCall frozen) {
        UUID id = UUID.fromString(frozen.proposalId());
        announce(tenant, frozen);
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(CapitaniaException.class)
                .until(() -> queries.one(scope(tenant), id) != null);
        return id;
    }

    public void announce(String tenant, FrozenCall frozen) {
        orm.tx(scope(tenant), tx -> tx.publish(FrozenCall.TYPE, frozen.proposalId(), frozen));
    }

    /** How many events of a type a proposal has in the outbox. */
    public long events(String type, UUID id) {
        return orm.tx(
                scope("main"),
                tx -> tx.session()
                        .createNativeQuery("SELECT count(*) FROM outbox WHERE topic = :type AND key = :key", Long.class)
                        .setParameter("type", type)
                        .setParameter("key", id.toString())
                        .getSingleResult());
    }

    public List<String> eventsOf(UUID id) {
        return orm.tx(
                scope("main"),
                tx -> tx.session()
                        .createNativeQuery("SELECT topic FROM outbox WHERE key = :key ORDER BY id", String.class)
                        .setParameter("key", id.toString())
                        .getResultList());
    }

    public long refusals(UUID id) {
        return orm.tx(
                scope("main"),
                tx -> tx.session()
                        .createSelectionQuery("SELECT count(*) FROM RefusalRow WHERE proposalId = :id", Long.class)
                        .setParameter("id", id)
                        .getSingleResult());
    }

    static Scope scope(String tenant) {
        return Scope.of(tenant, "system:test", "a test");
    }
}
