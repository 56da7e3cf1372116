package org.capitania.registry.notify;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.Service;
import org.capitania.contract.api.NotificationView;
import org.capitania.registry.handler.Call;
import org.capitania.registry.tools.Writes;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;

/** The one way words reach the owner: they stand in the console until a person resolves them. */
@ApplicationScoped
public class OwnerNotices {
    private final Peers peers;
    private final Writes writes;

    OwnerNotices(Peers peers, Writes writes) {
        this.peers = peers;
        this.writes = writes;
    }

    /**
     * Tells the owner, once a call.
     *
     * @param matter while one of the same matter stands, it is that one
     */
    public NotificationView.Sent tell(
            Call call, String urgency, String text, List<NotificationView.About> about, String matter) {
        return tell(
                call.scope(),
                call.callId(),
                new NotificationView.Request(urgency, text, about, writes.tainted(call), call.taskId(), matter));
    }

    /** The same outside a call, once a key. */
    public NotificationView.Sent tell(Scope scope, String key, NotificationView.Request request) {
        return peers.post(
                Service.APPROVAL_SERVICE,
                "/v1/notifications",
                scope,
                request,
                NotificationView.Sent.class,
                PeerOptions.idempotent(key).onBehalfOf(scope.actor()));
    }
}
