package org.capitania.ingest.intake;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Scope;

/** {@code /v1/blobs}: what came in, byte for byte, for the owner and the gateway only. */
@Path("/v1/blobs")
@RunOnVirtualThread
class BlobsResource {
    private final BlobStore blobs;
    private final CallContext call;

    BlobsResource(BlobStore blobs, CallContext call) {
        this.blobs = blobs;
        this.call = call;
    }

    @GET
    @Path("/{sha256}")
    public Response get(@PathParam("sha256") String sha256) {
        if (call.caller().kind() != PrincipalKind.OWNER) {
            call.requirePrincipal("system:" + Service.TOOL_REGISTRY.wireName());
        }
        Scope scope = call.scope();
        BlobStore.Blob blob = blobs.find(scope, sha256)
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "there is no blob " + sha256));
        StreamingOutput body = out -> blobs.write(scope, blob, out);
        // Never a type a browser would show: this is whatever a stranger sent.
        return Response.ok(body, "application/octet-stream")
                .header("Content-Length", blob.size())
                .header("Content-Disposition", "attachment; filename=\"" + sha256 + ".eml\"")
                .header("X-Content-Type-Options", "nosniff")
                .build();
    }
}
