package org.capitania.approval.proposal;

import static org.awaitility.Awaitility.await;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Json;
import org.capitania.contract.api.ApproveRequest;
import org.capitania.contract.api.ClaimRequest;
import org.capitania.contract.api.EditRequest;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ProposalView;
import org.capitania.contract.api.RejectRequest;
import org.capitania.contract.api.ReportRequest;
import org.capitania.contract.event.FrozenCall;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.orm.Orm;

/** Lets frozen calls arrive the way they do: an event on the broker, which is only a doorbell. */
@ApplicationScoped
public class Arrivals {
    private final Orm orm;
    private final ProposalQueries queries;

    private final ExecuteProposal execute;
    private final EditProposal edit;
    private final DecideProposal decide;

    Arrivals(Orm orm, ProposalQueries queries, ExecuteProposal execute, EditProposal edit, DecideProposal decide) {
        this.orm = orm;
        this.queries = queries;
        this.execute = execute;
        this.edit = edit;
        this.decide = decide;
    }

    /** Decides whatever still waits, so that the queue is empty. */
    public void clear() {
        Scope owner = Scope.of("main", "user:owner", "clearing up");
        for (ProposalView open :
                queries.list(owner, List.of(ProposalStatus.PENDING, ProposalStatus.STALE), null, 500, null)) {
            decide.reject(UUID.fromString(open.id()), Decider.signedIn(owner), new RejectRequest("clearing up"));
        }
    }

    /** The owner's yes to whatever stands. */
    public void approve(UUID id) {
        decide.approve(id, Decider.signedIn(Scope.of("main", "user:owner", null)), new ApproveRequest(null, null));
    }

    /** What the gateway does after an approval. */
    public void claim(UUID id, String key) {
        execute.claim(id, Scope.of("main", "system:tool-registry", null), new ClaimRequest(key));
    }

    public void report(UUID id, String key) {
        execute.report(
                id,
                Scope.of("main", "system:tool-registry", null),
                new ReportRequest(
                        key,
                        ProposalStatus.EXECUTED,
                        Json.MAPPER.createObjectNode().put("message_id", "<8c1f@capitania.example>"),
                        null));
    }

    /** Another person's edit. */
    public void edit(UUID id, String person, String subject) {
        edit.edit(
                id,
                Decider.signedIn(Scope.of("main", person, null)),
                new EditRequest(Frozen.arguments(subject, "Dear Ana, see you on the 29th."), null, null));
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
