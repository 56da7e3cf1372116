package org.capitania.approval.mirror;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.capitania.approval.live.LiveUpdates;
import org.capitania.approval.proposal.ProposalQueries;
import org.capitania.approval.review.ReviewQueries;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationResult.OpResult;
import org.capitania.graphclient.GraphClient;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;
import org.jspecify.annotations.Nullable;

/**
 * Lets the node of each proposal and each review follow it. It reads the row, never the event, so that whatever was missed is made up for; a
 * decision never waits for it. Nodes carry the version this service left them at, so that of two replicas the slower one writes nothing old.
 */
@ApplicationScoped
class Mirror {
    private static final String ACTOR = "system:approval-service";
    private static final int PAGE = 50;
    private static final String PROPOSALS = "SELECT p.id FROM ProposalRow p LEFT JOIN MirrorRow m ON m.subjectId = p.id"
            + " WHERE m.steps IS NULL OR m.steps < p.steps ORDER BY p.updatedAt";
    private static final String REVIEWS = "SELECT r.id FROM ReviewRow r LEFT JOIN MirrorRow m ON m.subjectId = r.id"
            + " WHERE m.steps IS NULL OR m.steps <= r.version ORDER BY r.createdAt";

    private final MirrorStore store;
    private final ProposalQueries proposals;
    private final ReviewQueries reviews;
    private final GraphClient graph;
    private final Tenants tenants;

    Mirror(MirrorStore store, ProposalQueries proposals, ReviewQueries reviews, GraphClient graph, Tenants tenants) {
        this.store = store;
        this.proposals = proposals;
        this.reviews = reviews;
        this.graph = graph;
        this.tenants = tenants;
    }

    void start(@Observes StartupEvent event, Loops loops, MirrorConfig config) {
        loops.every(LiveUpdates.MIRROR_LOOP, config.every(), this::mirror);
    }

    void mirror() {
        tenants.each(tenant -> {
            Scope scope = Scope.of(tenant, ACTOR, "the node follows what it shows");
            follow(scope, PROPOSALS, id -> new ProposalNode(proposals.one(scope, id)));
            follow(scope, REVIEWS, id -> new ReviewNode(reviews.stored(scope, id)));
        });
    }

    private void follow(Scope scope, String which, Function<UUID, Mirrored> read) {
        List<UUID> ahead;
        do {
            ahead = store.ahead(scope, which, PAGE);
            ahead.forEach(id -> mirror(scope, id, read.apply(id)));
        } while (ahead.size() == PAGE);
    }

    private void mirror(Scope scope, UUID id, Mirrored shown) {
        int steps = shown.steps();
        MirrorRow row = store.find(scope, id).orElse(null);
        String node = row == null ? null : row.nodeId;
        Integer version = row == null ? null : row.nodeVersion;
        try {
            if (node == null || version == null) {
                OpResult created = create(scope, id, shown);
                // One that was there before may show an earlier step: it is patched in the next round.
                store.save(scope, id, r -> follow(r, created.id(), created.version(), created.created() ? steps : 0));
            } else {
                OpResult patched = graph.mutate(scope, shown.update(node, version), key(id, "update", steps, version))
                        .results()
                        .getFirst();
                store.save(scope, id, r -> follow(r, node, patched.version(), steps));
            }
        } catch (CapitaniaException e) {
            if (e.code().type() == ErrorType.UNAVAILABLE) {
                throw e;
            }
            refused(scope, id, steps, node != null, e);
        }
    }

    private OpResult create(Scope scope, UUID id, Mirrored shown) {
        try {
            return create(scope, shown.create(true), key(id, "create", shown.steps(), 0));
        } catch (CapitaniaException e) {
            ErrorType type = e.code().type();
            if (!shown.linked() || (type != ErrorType.NOT_FOUND && type != ErrorType.INVALID)) {
                throw e;
            }
            // What it is about is not in the graph, or nothing that can be linked; the node still is.
            return create(scope, shown.create(false), key(id, "alone", shown.steps(), 0));
        }
    }

    private OpResult create(Scope scope, MutationBatch batch, String key) {
        return graph.mutate(scope, batch, key).results().getFirst();
    }

    private void refused(Scope scope, UUID id, int steps, boolean known, CapitaniaException e) {
        if (known && (e.code() == ErrorCode.VERSION_CONFLICT || e.code() == ErrorCode.NOT_FOUND)) {
            // Another replica was faster, this one died before it noted the version, or the graph is another:
            // begin again from what is there.
            store.save(scope, id, r -> follow(r, null, null, 0));
            return;
        }
        Log.errorf("the graph refused a mirror subject=%s why=%s", id, e.detail());
        store.save(scope, id, r -> {
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

    private static String key(UUID id, String what, int steps, int version) {
        return "approval:" + id + ":" + what + ":" + steps + ":" + version;
    }
}
