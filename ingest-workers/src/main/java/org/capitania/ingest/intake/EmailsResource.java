package org.capitania.ingest.intake;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.EmailView;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.jspecify.annotations.Nullable;

/** {@code /v1/emails}. */
@Path("/v1/emails")
@RunOnVirtualThread
class EmailsResource {
    private static final Set<String> STATUSES = Set.of("received", "linked", "stored", "failed", "refused");

    private final ReceiveEmail receive;
    private final FinishEmail finish;
    private final EmailQueries queries;
    private final OwnAddresses own;
    private final CallContext call;

    EmailsResource(ReceiveEmail receive, FinishEmail finish, EmailQueries queries, OwnAddresses own, CallContext call) {
        this.receive = receive;
        this.finish = finish;
        this.queries = queries;
        this.own = own;
        this.call = call;
    }

    @POST
    @Consumes("*/*")
    public Response post(
            InputStream body,
            @HeaderParam("Content-Length") @Nullable Long length,
            @HeaderParam("Expect") @Nullable String expect)
            throws IOException {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
        Origin origin =
                new Origin(call.caller().tenant(), "http:" + call.caller().actor(), own.mailbox());
        if (length != null && "100-continue".equalsIgnoreCase(expect)) {
            // The caller has sent nothing yet, and waits to hear whether it should.
            receive.requireRoomFor(origin, length);
        }
        ReceiveEmail.Kept kept = receive.receive(origin, body);
        return Response.status(kept.duplicate() ? 200 : 201)
                .entity(finish.await(origin.tenant(), kept).receipt(kept.duplicate()))
                .build();
    }

    @GET
    public EmailView.Page list(
            @QueryParam("status") @Nullable String status, @QueryParam("limit") @DefaultValue("50") int limit) {
        readers();
        if (status != null && !STATUSES.contains(status)) {
            throw new CapitaniaException(
                    ErrorCode.BAD_REQUEST,
                    "status is " + status + "; it is one of received, linked, stored, failed, refused");
        }
        return queries.latest(call.scope(), status, Math.clamp(limit, 1, 500));
    }

    @GET
    @Path("/{id}")
    public EmailView one(@PathParam("id") UUID id) {
        readers();
        return queries.one(call.scope(), id)
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "there is no mail " + id));
    }

    private void readers() {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
    }
}
