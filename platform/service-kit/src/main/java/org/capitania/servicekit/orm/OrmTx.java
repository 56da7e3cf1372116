package org.capitania.servicekit.orm;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.capitania.servicekit.Scope;
import org.hibernate.reactive.mutiny.Mutiny;

/** One open Hibernate Reactive transaction: the session, and the outbox of the same transaction. */
public final class OrmTx {
    private static final String APPEND =
            "SELECT outbox_append(:topic, :type, :key, CAST(CAST(:payload AS text) AS jsonb))";
    private static final String CLAIM = """
            INSERT INTO inbox (consumer, event_id) VALUES (:consumer, :event) ON CONFLICT DO NOTHING
            """;

    private final Mutiny.Session session;
    private final Scope scope;
    private final List<Runnable> afterCommit = new ArrayList<>();

    OrmTx(Mutiny.Session session, Scope scope) {
        this.session = session;
        this.scope = scope;
    }

    public Mutiny.Session session() {
        return session;
    }

    public Scope scope() {
        return scope;
    }

    /** Appends an event to the outbox of this transaction; its outbox id. What the session holds is flushed first. */
    public Uni<Long> publish(String type, String key, Object payload) {
        return session.createNativeQuery(APPEND, Long.class)
                .setParameter("topic", Topics.of(type))
                .setParameter("type", type)
                .setParameter("key", key)
                .setParameter("payload", Json.write(payload))
                .getSingleResult();
    }

    /** Runs {@code bell} once the transaction is committed; never when it is rolled back. */
    public void afterCommit(Runnable bell) {
        afterCommit.add(bell);
    }

    /** Writes the inbox row; false when it was there. */
    Uni<Boolean> claim(String consumer, String eventId) {
        return session.createNativeQuery(CLAIM)
                .setParameter("consumer", consumer)
                .setParameter("event", eventId)
                .executeUpdate()
                .map(rows -> rows > 0);
    }

    void runAfterCommit() {
        afterCommit.forEach(Runnable::run);
    }
}
