package org.capitania.servicekit.orm;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import java.util.concurrent.atomic.AtomicReference;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.CommitListeners;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Scope;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Opens transactions on Hibernate Reactive, reads included: tenant, actor and reason are set transaction-locally before the first
 * statement of the caller. Blocking: call it on a virtual or a worker thread. No bean by itself: a service that has Hibernate Reactive
 * produces one.
 */
public class Orm {
    private static final String SETTINGS = """
            SELECT set_config('hq.tenant', :tenant, true), set_config('hq.actor', :actor, true), set_config('hq.reason', :reason, true),
                   set_config('hq.causation', :causation, true), set_config('hq.correlation', :correlation, true),
                   set_config('hq.traceparent', :trace, true)
            """;

    private final Mutiny.SessionFactory sessions;
    private final CommitListeners listeners;

    public Orm(Mutiny.SessionFactory sessions, CommitListeners listeners) {
        this.sessions = sessions;
        this.listeners = listeners;
    }

    /** Runs {@code work} in one transaction and commits it; any failure rolls back and is thrown on. */
    public <T extends @Nullable Object> T tx(Scope scope, OrmWork<T> work) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("a transaction must not be awaited on an event loop");
        }
        AtomicReference<@Nullable OrmTx> opened = new AtomicReference<>();
        T result = await(() -> sessions.withTransaction(session -> {
            OrmTx tx = new OrmTx(session, scope);
            opened.set(tx);
            return settings(session, scope).chain(() -> work.run(tx));
        }));
        listeners.committed();
        OrmTx tx = opened.get();
        if (tx != null) {
            tx.runAfterCommit();
        }
        return result;
    }

    /** Runs the effect of an event with its inbox row; answers false, without running it, when the event was handled before. */
    public boolean once(InboxScope inbox, OrmWork<?> effect) {
        boolean first = tx(
                inbox.scope(),
                tx -> tx.claim(inbox.consumer(), inbox.event().id())
                        .chain(fresh -> fresh
                                ? effect.run(tx).replaceWith(true)
                                : Uni.createFrom().item(false)));
        inbox.settled();
        return first;
    }

    private static Uni<?> settings(Mutiny.Session session, Scope scope) {
        return session.createNativeQuery(SETTINGS, Object[].class)
                .setParameter("tenant", scope.tenant())
                .setParameter("actor", scope.actor())
                .setParameter("reason", orEmpty(scope.reason()))
                .setParameter("causation", orEmpty(scope.causationId()))
                .setParameter("correlation", orEmpty(scope.correlationId()))
                .setParameter("trace", orEmpty(scope.traceparent()))
                .getSingleResult();
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static <T extends @Nullable Object> T await(java.util.function.Supplier<Uni<T>> work) {
        try {
            return VertxContextSupport.subscribeAndAwait(work);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "interrupted while waiting for the store", e);
        } catch (Throwable e) {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "the store does not answer: " + e, e);
        }
    }
}
