package org.capitania.ingest.worker;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** {@code /v1/webhooks}: open without a token, because a signature takes its place; no source is configured yet, so none is accepted. */
@Path("/v1/webhooks")
@RunOnVirtualThread
class WebhooksResource {
    private static final List<String> SIGNATURES =
            List.of("webhook-signature", "svix-signature", "x-hub-signature-256", "stripe-signature");

    @POST
    @Path("/{source}")
    public void receive(@PathParam("source") String source, @Context HttpHeaders headers) {
        if (SIGNATURES.stream().allMatch(name -> headers.getHeaderString(name) == null)) {
            throw new CapitaniaException(
                    ErrorCode.UNAUTHENTICATED, "a webhook needs a signature over its bytes, such as webhook-signature");
        }
        throw new CapitaniaException(
                ErrorCode.NOT_AVAILABLE_YET, "no webhook source can be configured yet; nothing was read of this one");
    }
}
