package org.capitania.approval.notification;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.contract.api.NotificationView;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;

/** {@code /v1/notifications}: tool-registry hands in, people read and resolve. */
@Path("/v1/notifications")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class NotificationResource {
    private static final String GATEWAY = "system:" + Service.TOOL_REGISTRY.wireName();

    private final CallContext call;
    private final Notifications notifications;

    NotificationResource(CallContext call, Notifications notifications) {
        this.call = call;
        this.notifications = notifications;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public NotificationView.Sent tell(NotificationView.Request request) {
        call.requirePrincipal(GATEWAY);
        String key = call.idempotencyKey();
        if (key == null) {
            throw new CapitaniaException(
                    ErrorCode.BAD_REQUEST, "a notification needs its call's id as Idempotency-Key");
        }
        return notifications.tell(call.scope(), key, request);
    }

    @GET
    public NotificationView.Page list(@QueryParam("all") @DefaultValue("false") boolean all) {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
        return new NotificationView.Page(notifications.list(call.scope(), all));
    }

    @POST
    @Path("{id}/resolve")
    public NotificationView resolve(UUID id) {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON);
        return notifications.resolve(call.scope(), id);
    }
}
