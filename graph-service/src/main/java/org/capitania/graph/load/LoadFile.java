package org.capitania.graph.load;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.LoadReport;
import org.capitania.graph.mutation.ApplyMutations;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** Loads a file in chunks, each whole or not at all; under the same key it goes on after the last chunk that is in. */
@ApplicationScoped
class LoadFile {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    /** The planner's figures are renewed at this line and each time the file has doubled. */
    private static final long FIRST_LOOK = 8_000;

    private final ApplyMutations mutations;
    private final LoadStore store;
    private final DataSource source;
    private final LoadConfig config;
    private final Ids ids;
    private final Clock clock;
    private final Semaphore places;

    LoadFile(ApplyMutations mutations, LoadStore store, DataSource source, LoadConfig config, Ids ids, Clock clock) {
        this.mutations = mutations;
        this.store = store;
        this.source = source;
        this.config = config;
        this.ids = ids;
        this.clock = clock;
        places = new Semaphore(config.atOnce());
    }

    LoadReport load(Caller caller, Scope scope, String key, Lines lines) throws IOException {
        if (!places.tryAcquire()) {
            throw new CapitaniaException(
                    ErrorCode.RATE_LIMITED, config.atOnce() + " files are being loaded; try again when one has ended");
        }
        try (Staging staging = Staging.open(source, scope.tenant())) {
            LoadStore.Load load = store.begin(scope, ids.v7(), key, lines.digest());
            resume(load, lines);
            if (!load.report().finished()) {
                new Run(caller, scope, load, lines, staging).run();
                store.finish(scope, load.id(), lines.number(), lines.digest());
                if (lines.number() - load.report().lines() >= FIRST_LOOK) {
                    store.lookAtSizes(scope);
                }
            }
            return store.find(scope, key).orElseThrow().report();
        } finally {
            places.release();
        }
    }

    /** Two chunks planned at once are what the heap has room for: of one load, or one of each. */
    private boolean alone() {
        return places.availablePermits() == config.atOnce() - 1;
    }

    /** Passes over what is in, and makes sure that it is the same. */
    private static void resume(LoadStore.Load load, Lines lines) throws IOException {
        LoadReport before = load.report();
        boolean same = lines.skip(before.lines()) && lines.digest().equals(load.digest());
        if (!same || (before.finished() && !lines.ended())) {
            throw new CapitaniaException(
                    ErrorCode.IDEMPOTENCY_MISMATCH,
                    "under the key " + before.key() + (before.finished() ? " a file of " : " a file whose first ")
                            + before.lines() + " lines are others was loaded; a new file takes a new key");
        }
    }

    private final class Run {
        private final LoadStore.Load load;
        private final Scope scope;
        private final Lines lines;
        private final ChunkWriter writer;
        /** The last line that is in. */
        private long in;

        private long nextLook = FIRST_LOOK;

        Run(Caller caller, Scope scope, LoadStore.Load load, Lines lines, Staging staging) {
            this.load = load;
            this.scope = scope;
            this.lines = lines;
            in = load.report().lines();
            ChunkWriter.Trip trip = (plan, chunk) -> {
                awaitRelay();
                staging.write(load.id(), scope, plan, chunk);
            };
            writer = new ChunkWriter(mutations, store, caller, scope, load.id(), LoadFile.this::alone, trip);
        }

        void run() throws IOException {
            Log.infof(
                    "load begins tenant=%s key=%s after=%d",
                    scope.tenant(), load.report().key(), in);
            try {
                writeAll();
            } catch (CapitaniaException e) {
                throw e.withHint((in == 0 ? "nothing is" : "lines 1 to " + in + " are") + " loaded; send the file again"
                        + " under the key " + load.report().key()
                        + " and it goes on from there, with what follows mended");
            }
            Log.infof(
                    "load ends tenant=%s key=%s lines=%d",
                    scope.tenant(), load.report().key(), lines.number());
        }

        /** A chunk is read, and as far as can be planned, while the one before it is written: two are held, never more. */
        private void writeAll() throws IOException {
            ChunkWriter.Writing last = null;
            long read = in;
            try {
                for (Chunk chunk = next(read); chunk != null; chunk = next(read)) {
                    ChunkWriter.Writing before = last;
                    last = writer.begin(chunk, before);
                    read = chunk.last();
                    if (before != null) {
                        in(before);
                    }
                }
            } finally {
                // Also where the next could not be read: its fault comes after those of the lines before it.
                if (last != null) {
                    in(last);
                }
            }
        }

        private void in(ChunkWriter.Writing written) {
            in = written.await();
            if (in - load.report().lines() >= nextLook) {
                store.lookAtSizes(scope);
                nextLook *= 2;
            }
        }

        private @Nullable Chunk next(long after) throws IOException {
            Chunk.Builder builder = new Chunk.Builder(after);
            while (builder.size() < config.chunk() && (builder.size() == 0 || builder.bytes() < config.chunkBytes())) {
                byte[] line;
                try {
                    line = lines.next();
                } catch (Lines.TooLong e) {
                    throw Chunk.fault(
                            ErrorCode.PAYLOAD_TOO_LARGE,
                            lines.number(),
                            "",
                            null,
                            "at most " + config.chunkBytes() + " bytes",
                            "the line is longer than " + config.chunkBytes()
                                    + " bytes; keep the content at ingest-workers and its digest here");
                }
                if (line == null) {
                    break;
                }
                builder.add(lines.number(), line);
            }
            return builder.size() == 0 ? null : builder.build(lines.digest());
        }

        /** What others write meanwhile is published in the order of its commit: it must not wait for all of a file. */
        private void awaitRelay() {
            Instant until = clock.instant().plus(config.patience());
            while (store.backlog(scope, config.backlog()) >= config.backlog()) {
                if (clock.instant().isAfter(until)) {
                    throw new CapitaniaException(
                            ErrorCode.PEER_UNAVAILABLE,
                            config.backlog() + " events wait for the broker, and none has left in "
                                    + config.patience().toMinutes() + " minutes");
                }
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
        }
    }
}
