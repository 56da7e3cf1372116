package org.capitania.registry;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.NotificationView;
import org.capitania.contract.api.NotificationView.Request;
import org.capitania.contract.api.NotificationView.Sent;
import org.capitania.testkit.FakePeers;

/** What the console answers to notices: of one matter there is one, as if nobody resolved any. */
public final class FakeNotices {
    private final Map<String, NotificationView> told = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public FakeNotices(FakePeers peers) {
        peers.on(
                "POST",
                "/v1/notifications",
                r -> tell(Json.convert(r.body(), Request.class), String.valueOf(r.onBehalfOf())));
    }

    /** Whether it refuses every notice from now on. */
    public void close(boolean refuses) {
        closed = refuses;
    }

    /** What the owner was told, a matter each. */
    public Collection<NotificationView> told() {
        return List.copyOf(told.values());
    }

    private Sent tell(Request request, String from) {
        if (closed) {
            throw new CapitaniaException(ErrorCode.DENIED, "the console does not take it");
        }
        NotificationView view = new NotificationView(
                UUID.randomUUID().toString(),
                from,
                request.urgency(),
                request.text(),
                request.about(),
                request.tainted(),
                request.taskId(),
                Instant.EPOCH,
                null,
                null);
        NotificationView before = told.putIfAbsent(request.businessKey(), view);
        return new Sent(before == null ? view : before, before != null);
    }
}
