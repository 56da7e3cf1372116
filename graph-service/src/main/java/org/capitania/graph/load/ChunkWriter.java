package org.capitania.graph.load;

import io.quarkus.logging.Log;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.MutationOp;
import org.capitania.graph.mutation.ApplyMutations;
import org.capitania.graph.mutation.StagedPlan;
import org.capitania.graph.obligation.DueTimes;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Writes the chunks of a file one after the other, each in a thread of its own, so that one is planned while the store writes the one before.
 * What was planned early is written only if it would have been planned the same later: whatever is wrong with it then, it is planned again
 * once what stands before it is in.
 */
final class ChunkWriter {
    /** After a chunk that rested on the one before it, so many are planned in their turn: their likes mostly do the same. */
    private static final int IN_TURN = 16;

    private final ApplyMutations mutations;
    private final LoadStore store;
    private final Caller caller;
    private final Scope scope;
    private final UUID load;
    private final BooleanSupplier early;
    private final Trip trip;
    private final AtomicInteger inTurn = new AtomicInteger();

    /** Writes a chunk that has been planned; never called by two at once. */
    @FunctionalInterface
    interface Trip {
        void write(StagedPlan plan, Chunk chunk);
    }

    /** @param early whether there is room to plan a chunk while another is written */
    ChunkWriter(
            ApplyMutations mutations,
            LoadStore store,
            Caller caller,
            Scope scope,
            UUID load,
            BooleanSupplier early,
            Trip trip) {
        this.mutations = mutations;
        this.store = store;
        this.caller = caller;
        this.scope = scope;
        this.load = load;
        this.early = early;
        this.trip = trip;
    }

    /** A chunk on its way. */
    final class Writing {
        private final Chunk chunk;
        /** Null once it is done: no chunk is held for those after it. */
        private volatile @Nullable Writing before;

        private final FutureTask<Long> task = new FutureTask<>(this::write);
        private int trips;

        private Writing(Chunk chunk, @Nullable Writing before) {
            this.chunk = chunk;
            this.before = before;
        }

        /** Waits until it is written; returns its last line. It fails as it failed itself, or as the one before it did. */
        long await() {
            try {
                return task.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a chunk was written", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException failure
                        ? failure
                        : new IllegalStateException(e.getCause());
            }
        }

        private Long write() {
            try {
                if (before == null || !mayBeEarly()) {
                    awaitBefore();
                    apply();
                } else {
                    applyEarly();
                }
                return chunk.last();
            } finally {
                before = null;
            }
        }

        private void applyEarly() {
            try {
                apply();
            } catch (CapitaniaException e) {
                Log.debugf("chunk planned again after=%d why=%s", chunk.after(), e.code());
                awaitBefore();
                inTurn.set(IN_TURN);
                apply();
            }
            if (trips > 1) {
                inTurn.set(IN_TURN);
            }
        }

        /** When something is due may follow from the zone and the terms that a chunk before it states, and nobody would notice. */
        private boolean mayBeEarly() {
            return inTurn.getAndUpdate(left -> Math.max(0, left - 1)) == 0
                    && early.getAsBoolean()
                    && chunk.ops().stream()
                            .noneMatch(op -> op instanceof MutationOp.Create create && DueTimes.concern(create.type()));
        }

        private void awaitBefore() {
            Writing earlier = before;
            if (earlier != null) {
                earlier.await();
            }
        }

        private void apply() {
            try {
                Refs refs = new Refs(chunk);
                Chunk resolved = refs.resolved(store.refs(scope, load, refs.wanted()));
                mutations.apply(caller, scope, resolved.ops(), plan -> {
                    awaitBefore();
                    trips++;
                    trip.write(plan, resolved);
                });
            } catch (CapitaniaException e) {
                throw chunk.inLines(e);
            }
        }
    }

    /** Begins to write a chunk that comes after another, which may still be on its way. */
    Writing begin(Chunk chunk, @Nullable Writing before) {
        Writing writing = new Writing(chunk, before);
        Thread.ofVirtual().name("load-" + load + "-" + chunk.after()).start(writing.task);
        return writing;
    }
}
