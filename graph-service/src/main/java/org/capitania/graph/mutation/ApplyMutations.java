package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationOp;
import org.capitania.contract.api.MutationResult;
import org.capitania.graph.types.TypeCatalogue;
import org.capitania.graph.types.Types;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** Applies a batch: read, plan, write; and again from the start when somebody else was faster in between. */
@ApplicationScoped
public class ApplyMutations {
    private static final int LONGEST_KEY = 2000;
    private static final int MOST_DOINGS = 10;
    private static final int MOST_ATTEMPTS = 20;
    private static final int ATTEMPTS_IN_THE_CROWD = 2;

    private final MutationStore store;
    private final Planner planner;
    private final TypeCatalogue catalogue;
    /** Who has lost twice goes on alone: otherwise a node that many change at once makes each of them read again for each other. */
    private final ReentrantLock losers = new ReentrantLock(true);

    ApplyMutations(MutationStore store, Planner planner, TypeCatalogue catalogue) {
        this.store = store;
        this.planner = planner;
        this.catalogue = catalogue;
    }

    /** What was answered to the batch under this key, for as long as keys are kept. */
    MutationResult answered(Scope scope, String idempotencyKey) {
        return store.answered(scope, idempotencyKey)
                .orElseThrow(() -> new CapitaniaException(
                        ErrorCode.NOT_FOUND,
                        scope.actor() + " has sent no batch under the key " + idempotencyKey + " within seven days"));
    }

    MutationResult apply(Caller caller, Scope scope, MutationBatch batch, @Nullable String idempotencyKey) {
        if (idempotencyKey != null) {
            NodeRules.bounded("Idempotency-Key", idempotencyKey, LONGEST_KEY);
        }
        String fingerprint = idempotencyKey == null ? null : BatchReader.fingerprint(batch);
        Scope reasoned = scope.because(doing(batch));
        return apply(new Attempt(
                caller,
                scope,
                batch,
                idempotencyKey,
                fingerprint,
                question -> store.touched(scope, question),
                plan -> store.apply(reasoned, plan, idempotencyKey, fingerprint)));
    }

    /** What a batch does, for where nobody has said why. No node is named: a name may be a person's, and history keeps reasons for ever. */
    private static String doing(MutationBatch batch) {
        return batch.ops().stream()
                .map(op -> switch (op) {
                    case MutationOp.Create create -> "create " + create.type();
                    case MutationOp.Link link -> "link " + link.type();
                    case MutationOp other -> other.getClass().getSimpleName().toLowerCase(Locale.ROOT);
                })
                .distinct()
                .limit(MOST_DOINGS)
                .collect(Collectors.joining(", "));
    }

    /** The same for creates and links that another second trip writes; whatever is wrong with them is thrown before it, or by it. */
    public MutationResult apply(Caller caller, Scope scope, List<MutationOp> ops, SecondTrip trip) {
        MutationBatch batch = new MutationBatch(ops, List.of());
        return apply(new Attempt(
                caller,
                scope,
                batch,
                null,
                null,
                question -> store.touchedByChunk(scope, question),
                plan -> store.write(scope, plan, trip)));
    }

    private MutationResult apply(Attempt attempt) {
        for (int i = 0; i < ATTEMPTS_IN_THE_CROWD; i++) {
            if (attempt.once(i) instanceof MutationStore.Applied.Done done) {
                return done.result();
            }
        }
        losers.lock();
        try {
            for (int i = ATTEMPTS_IN_THE_CROWD; i < MOST_ATTEMPTS; i++) {
                if (attempt.once(i) instanceof MutationStore.Applied.Done done) {
                    return done.result();
                }
            }
        } finally {
            losers.unlock();
        }
        throw new CapitaniaException(
                ErrorCode.VERSION_CONFLICT, "what this batch touches keeps changing under it; try again");
    }

    private final class Attempt {
        private final Caller caller;
        private final Scope scope;
        private final MutationBatch batch;
        private final @Nullable String key;
        private final @Nullable String fingerprint;
        private final Function<ObjectNode, JsonNode> firstTrip;
        private final Function<Plan, MutationStore.Applied> secondTrip;

        Attempt(
                Caller caller,
                Scope scope,
                MutationBatch batch,
                @Nullable String key,
                @Nullable String fingerprint,
                Function<ObjectNode, JsonNode> firstTrip,
                Function<Plan, MutationStore.Applied> secondTrip) {
            this.caller = caller;
            this.scope = scope;
            this.batch = batch;
            this.key = key;
            this.fingerprint = fingerprint;
            this.firstTrip = firstTrip;
            this.secondTrip = secondTrip;
        }

        MutationStore.Applied once(int attempt) {
            Types types = catalogue.of(scope);
            References references = new References(batch, caller.actor());
            JsonNode answer = firstTrip.apply(references.question(key, planner.slugs(types, batch)));
            if (answer.has("answered")) {
                return new MutationStore.Applied.Done(before(answer.get("answered")));
            }
            if (answer.get("types").longValue() != types.revision()) {
                catalogue.reread(scope);
                return new MutationStore.Applied.Stale("the tenant's types have changed");
            }
            // Types are only ever widened: what this plan is made with stays valid until it is written.
            Plan plan = planner.plan(types, caller, scope.reason(), batch, references, new Found(answer), attempt > 0);
            MutationStore.Applied applied = secondTrip.apply(plan);
            if (applied instanceof MutationStore.Applied.Stale stale) {
                Log.debugf("batch planned again attempt=%d why=%s", attempt, stale.why());
            }
            return applied;
        }

        private MutationResult before(JsonNode answered) {
            if (!answered.get("fingerprint").textValue().equals(fingerprint)) {
                throw new CapitaniaException(
                        ErrorCode.IDEMPOTENCY_MISMATCH,
                        "the idempotency key " + key + " was used for another batch; a new batch takes a new key");
            }
            return Json.convert(answered.get("response"), MutationResult.class);
        }
    }
}
