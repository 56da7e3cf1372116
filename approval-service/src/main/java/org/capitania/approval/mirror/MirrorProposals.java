package org.capitania.approval.mirror;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.capitania.approval.proposal.ProposalQueries;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.api.MutationResult.OpResult;
import org.capitania.contract.api.ProposalView;
import org.capitania.graphclient.GraphClient;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;
import org.capitania.servicekit.orm.Orm;
import org.jspecify.annotations.Nullable;

/**
 * Lets each proposal's node follow it. It reads the proposal, never the event, so that whatever was missed is made up for; a decision
 * never waits for it. Nodes carry the version this service left them at, so that of two replicas the slower one writes nothing old.
 */
@ApplicationScoped
class MirrorProposals {
    private static final String ACTOR = "system:approval-service";
    private static final int PAGE = 50;

    private final Orm orm;
    private final ProposalQueries proposals;
    private final GraphClient graph;
    private final Tenants tenants;
    private final Clock clock;

    MirrorProposals(Orm orm, ProposalQueries proposals, GraphClient graph, Tenants tenants, Clock clock) {
        this.orm = orm;
        this.proposals = proposals;
        this.graph = graph;
        this.tenants = tenants;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event, Loops loops, MirrorConfig config) {
        loops.every(ProposalQueries.MIRROR_LOOP, config.every(), this::mirror);
    }

    void mirror() {
        tenants.each(tenant -> {
            Scope scope = Scope.of(tenant, ACTOR, "the node follows the proposal");
            List<UUID> ahead;
            do {
                ahead = ahead(scope);
                ahead.forEach(id -> mirror(scope, id));
            } while (ahead.size() == PAGE);
        });
    }

    private void mirror(Scope scope, UUID id) {
        ProposalView proposal = proposals.one(scope, id);
        int steps = Objects.requireNonNull(proposal.history()).size();
        MirrorRow row = find(scope, id).orElse(null);
        String node = row == null ? null : row.nodeId;
        Integer version = row == null ? null : row.nodeVersion;
        try {
            if (node == null || version == null) {
                OpResult created = create(scope, proposal, steps);
                // One that was there before may show an earlier step: it is patched in the next round.
                save(scope, id, r -> follow(r, created.id(), created.version(), created.created() ? steps : 0));
            } else {
                OpResult patched = graph.mutate(
                                scope,
                                ProposalNode.update(proposal, node, version),
                                key(proposal, "update", steps, version))
                        .results()
                        .getFirst();
                save(scope, id, r -> follow(r, node, patched.version(), steps));
            }
        } catch (CapitaniaException e) {
            if (e.code().type() == ErrorType.UNAVAILABLE) {
                throw e;
            }
            refused(scope, id, steps, node != null, e);
        }
    }

    private OpResult create(Scope scope, ProposalView proposal, int steps) {
        try {
            return graph.mutate(scope, ProposalNode.create(proposal, true), key(proposal, "create", steps, 0))
                    .byRef(ProposalNode.REF);
        } catch (CapitaniaException e) {
            if (e.code() != ErrorCode.NOT_FOUND || proposal.conversation() == null) {
                throw e;
            }
            // The conversation is not in the graph; the proposal still is.
            return graph.mutate(scope, ProposalNode.create(proposal, false), key(proposal, "alone", steps, 0))
                    .byRef(ProposalNode.REF);
        }
    }

    private void refused(Scope scope, UUID id, int steps, boolean known, CapitaniaException e) {
        if (known && (e.code() == ErrorCode.VERSION_CONFLICT || e.code() == ErrorCode.NOT_FOUND)) {
            // Another replica was faster, this one died before it noted the version, or the graph is another:
            // begin again from what is there.
            save(scope, id, r -> follow(r, null, null, 0));
            return;
        }
        Log.errorf("the graph refused the mirror of a proposal proposal=%s why=%s", id, e.detail());
        save(scope, id, r -> {
            r.steps = steps;
            r.problem = e.detail();
        });
    }

    private static void follow(MirrorRow row, @Nullable String node, @Nullable Integer version, int steps) {
        row.nodeId = node;
        row.nodeVersion = version;
        row.steps = steps;
        row.problem = null;
    }

    private List<UUID> ahead(Scope scope) {
        return orm.tx(
                scope,
                tx -> tx.session()
                        .createSelectionQuery(
                                "SELECT p.id FROM ProposalRow p LEFT JOIN MirrorRow m ON m.proposalId = p.id"
                                        + " WHERE m.steps IS NULL OR m.steps < p.steps ORDER BY p.updatedAt",
                                UUID.class)
                        .setMaxResults(PAGE)
                        .getResultList());
    }

    private Optional<MirrorRow> find(Scope scope, UUID id) {
        return orm.tx(scope, tx -> tx.session().find(MirrorRow.class, id).map(Optional::ofNullable));
    }

    private void save(Scope scope, UUID id, Consumer<MirrorRow> change) {
        orm.tx(
                scope,
                tx -> tx.session()
                        .find(MirrorRow.class, id)
                        .map(found -> found == null ? MirrorRow.of(id) : found)
                        .chain(row -> {
                            change.accept(row);
                            row.updatedAt = clock.instant();
                            return tx.session().persist(row);
                        }));
    }

    private static String key(ProposalView proposal, String what, int steps, int version) {
        return "approval:" + proposal.id() + ":" + what + ":" + steps + ":" + version;
    }
}
