package org.capitania.registry.notify;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.Service;
import org.capitania.contract.api.NotificationView;
import org.capitania.registry.handler.Call;
import org.capitania.registry.tools.Writes;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;

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
        NotificationView.Request request =
                new NotificationView.Request(urgency, text, about, writes.tainted(call), call.taskId(), matter);
        return peers.post(
                Service.APPROVAL_SERVICE,
                "/v1/notifications",
                call.scope(),
                request,
                NotificationView.Sent.class,
                PeerOptions.idempotent(call.callId()).onBehalfOf(call.actor()));
    }
}
