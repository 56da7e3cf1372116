package org.capitania.servicekit;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Opens transactions on the Vert.x PostgreSQL client, reads included: tenant, actor and reason are set transaction-locally before the
 * first statement of the caller. Blocking: call it on a virtual or a worker thread.
 */
@ApplicationScoped
public class Sql {
    private static final String SETTINGS = """
            SELECT set_config('hq.tenant', $1, true), set_config('hq.actor', $2, true), set_config('hq.reason', $3, true),
                   set_config('hq.causation', $4, true), set_config('hq.correlation', $5, true), set_config('hq.traceparent', $6, true)
            """;

    private static final String BEGIN_READ = "BEGIN READ ONLY; SET LOCAL plan_cache_mode = force_generic_plan";

    private final Pool pool;
    private final CommitListeners listeners;
    private final boolean databasePublishes;

    /**
     * One for a process.
     *
     * @param databasePublishes whether functions or triggers of this schema append to the outbox, too; where none does, a transaction that
     *     has published nothing has nothing to tell
     */
    @Inject
    Sql(
            Pool pool,
            CommitListeners listeners,
            @ConfigProperty(name = "hq.database-publishes", defaultValue = "true") boolean databasePublishes) {
        this.pool = pool;
        this.listeners = listeners;
        this.databasePublishes = databasePublishes;
    }

    /** Runs {@code work} in one transaction and commits it; any exception rolls back and is thrown on. */
    public <T extends @Nullable Object> T tx(Scope scope, SqlWork<T> work) {
        return tx(scope, work, listeners::committed);
    }

    private <T extends @Nullable Object> T tx(Scope scope, SqlWork<T> work, Runnable committed) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("a transaction must not be awaited on an event loop");
        }
        SqlConnection connection = await(pool.getConnection());
        Tx tx = new Tx(connection, scope);
        T result;
        // Sent ahead of the first statement and not waited for: after a failure every later statement fails too, and
        // without a transaction the settings end with their own statement: nothing is read or written of no tenant.
        Future<?> begin = connection.query("BEGIN").execute();
        Future<?> settings = connection.preparedQuery(SETTINGS).execute(settings(scope));
        try {
            result = work.run(tx);
            await(begin);
            await(settings);
            tx.awaitAll();
            if (tx.failed()) {
                // COMMIT would answer success although the server rolls back.
                throw new IllegalStateException("a failed statement was swallowed inside a transaction");
            }
            await(connection.query("COMMIT").execute());
        } catch (Throwable e) {
            rollback(connection, e);
            if (settings.failed() && settings.cause() != e) {
                e.addSuppressed(settings.cause());
            }
            throw e;
        } finally {
            connection.close();
        }
        if (databasePublishes || tx.published()) {
            committed.run();
        }
        tx.runAfterCommit();
        return result;
    }

    /**
     * Runs {@code work} in one transaction that can only read. Nobody is told of its end, and nobody waits for it: what was read stands when
     * it was read. Its statements keep their plans: one for an id alone looks cheaper, and is made anew each time, which takes longer than to
     * read what it finds.
     */
    public <T extends @Nullable Object> T read(Scope scope, SqlWork<T> work) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("a transaction must not be awaited on an event loop");
        }
        SqlConnection connection = await(pool.getConnection());
        Tx tx = new Tx(connection, scope);
        Future<?> begin = connection.query(BEGIN_READ).execute();
        Future<?> settings = connection.preparedQuery(SETTINGS).execute(settings(scope));
        try {
            T result = work.run(tx);
            await(begin);
            await(settings);
            tx.awaitAll();
            return result;
        } finally {
            // Whoever gets the connection next is served after this.
            var unused = connection.query("COMMIT").execute();
            connection.close();
        }
    }

    /** The same for work without a result. */
    public void run(Scope scope, Consumer<Tx> work) {
        tx(scope, tx -> {
            work.accept(tx);
            return Boolean.TRUE;
        });
    }

    /** The same for work that publishes nothing: nobody is told of its end, so that nobody looks for what is not there. */
    public void runUntold(Scope scope, Consumer<Tx> work) {
        tx(
                scope,
                tx -> {
                    work.accept(tx);
                    return Boolean.TRUE;
                },
                () -> {});
    }

    /**
     * Runs one statement as its own transaction: a single round trip, for a SQL function that sets tenant and actor itself from its
     * arguments (decision 6).
     */
    public RowSet<Row> call(String sql, @Nullable Object... args) {
        RowSet<Row> rows = once(sql, args);
        listeners.committed();
        return rows;
    }

    /** The same for a function that publishes nothing anybody waits for: the outbox is looked at a moment later. */
    public RowSet<Row> callUnhurried(String sql, @Nullable Object... args) {
        RowSet<Row> rows = once(sql, args);
        listeners.committedUnhurried();
        return rows;
    }

    /** The same for a function that only reads, and sets the tenant itself all the same. */
    public RowSet<Row> ask(String sql, @Nullable Object... args) {
        return once(sql, args);
    }

    private RowSet<Row> once(String sql, @Nullable Object... args) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("a statement must not be awaited on an event loop");
        }
        return await(pool.preparedQuery(sql).execute(Tx.tuple(args)));
    }

    private static void rollback(SqlConnection connection, Throwable cause) {
        try {
            await(connection.query("ROLLBACK").execute());
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private static Tuple settings(Scope scope) {
        return Tuple.of(
                scope.tenant(),
                scope.actor(),
                orEmpty(scope.reason()),
                orEmpty(scope.causationId()),
                orEmpty(scope.correlationId()),
                orEmpty(scope.traceparent()));
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }

    /** Waits for a client's future on a thread that may block. */
    static <T extends @Nullable Object> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "interrupted while waiting for the store", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "the store does not answer: " + cause, e);
        }
    }
}
