package org.capitania.approval.notification;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.capitania.approval.live.LiveUpdates;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.NotificationView;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.orm.Orm;
import org.capitania.servicekit.orm.OrmTx;

/** Keeps what agents told the owner: once a call, and of one matter one that is open. */
@ApplicationScoped
public class Notifications {
    private static final int LONGEST_LIST = 200;

    private final Orm orm;
    private final Ids ids;
    private final Clock clock;
    private final LiveUpdates live;

    Notifications(Orm orm, Ids ids, Clock clock, LiveUpdates live) {
        this.orm = orm;
        this.ids = ids;
        this.clock = clock;
        this.live = live;
    }

    NotificationView.Sent tell(Scope scope, String callId, NotificationView.Request request) {
        UUID id = ids.v7();
        NotificationView stored = orm.tx(
                scope,
                tx -> insert(tx, id, callId, request)
                        .chain(() -> tx.session()
                                .createSelectionQuery(
                                        "FROM NotificationRow WHERE callId = :call OR (businessKey = :key AND resolvedAt IS NULL)"
                                                + " ORDER BY CASE WHEN callId = :call THEN 0 ELSE 1 END",
                                        NotificationRow.class)
                                .setParameter("call", callId)
                                .setParameter("key", request.businessKey())
                                .setMaxResults(1)
                                .getSingleResult())
                        .map(NotificationRow::view));
        boolean fresh = stored.id().equals(id.toString());
        if (fresh) {
            live.changed(scope.tenant(), stored.id());
        }
        return new NotificationView.Sent(stored, !fresh);
    }

    private Uni<Integer> insert(OrmTx tx, UUID id, String callId, NotificationView.Request request) {
        return tx.session()
                .createNativeQuery("""
                        INSERT INTO notifications (id, sender, urgency, body, about, tainted, task_id, call_id, business_key, sent_at)
                        VALUES (:id, :sender, :urgency, :body, :about, :tainted, cast(:task as text), :call, :key, :at)
                        ON CONFLICT DO NOTHING
                        """)
                .setParameter("id", id)
                .setParameter("sender", tx.scope().actor())
                .setParameter("urgency", request.urgency())
                .setParameter("body", request.text())
                .setParameter("about", Json.write(request.about()))
                .setParameter("tainted", request.tainted())
                .setParameter("task", request.taskId())
                .setParameter("call", callId)
                .setParameter("key", request.businessKey())
                .setParameter("at", clock.instant())
                .executeUpdate();
    }

    /** Newest first: those that are open, or all of them. */
    public List<NotificationView> list(Scope scope, boolean all) {
        return orm.tx(
                scope,
                tx -> tx.session()
                        .createSelectionQuery(
                                "FROM NotificationRow " + (all ? "" : "WHERE resolvedAt IS NULL ")
                                        + "ORDER BY sentAt DESC, id DESC",
                                NotificationRow.class)
                        .setMaxResults(LONGEST_LIST)
                        .getResultList()
                        .map(rows -> rows.stream().map(NotificationRow::view).toList()));
    }

    /** Whoever calls has seen to it that the actor of the scope is a person; the first to resolve one stands. */
    public NotificationView resolve(Scope scope, UUID id) {
        NotificationView resolved = orm.tx(
                scope,
                tx -> tx.session()
                        .createMutationQuery("UPDATE NotificationRow SET resolvedAt = :at, resolvedBy = :by"
                                + " WHERE id = :id AND resolvedAt IS NULL")
                        .setParameter("at", clock.instant())
                        .setParameter("by", scope.actor())
                        .setParameter("id", id)
                        .executeUpdate()
                        .chain(() -> tx.session()
                                .createSelectionQuery("FROM NotificationRow WHERE id = :id", NotificationRow.class)
                                .setParameter("id", id)
                                .getSingleResultOrNull())
                        .onItem()
                        .ifNull()
                        .failWith(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "there is no notification " + id))
                        .map(NotificationRow::view));
        live.changed(scope.tenant(), resolved.id());
        return resolved;
    }
}
