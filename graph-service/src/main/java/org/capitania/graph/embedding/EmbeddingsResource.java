package org.capitania.graph.embedding;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import org.capitania.contract.api.Embeddings;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;

/** {@code /v1/embeddings}: how far they are, for people; texts out and vectors in, for the embed worker. */
@Path("/v1/embeddings")
@RunOnVirtualThread
class EmbeddingsResource {
    private static final String WORKER = "worker:embed_worker";

    private final HandOutTexts work;
    private final KeepVectors keep;
    private final EmbeddingQueries queries;
    private final CallContext call;

    EmbeddingsResource(HandOutTexts work, KeepVectors keep, EmbeddingQueries queries, CallContext call) {
        this.work = work;
        this.keep = keep;
        this.queries = queries;
        this.call = call;
    }

    @GET
    public Embeddings models() {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE, PrincipalKind.WORKER);
        return queries.models(call.scope());
    }

    @POST
    @Path("/work")
    public Embeddings.Work work(Embeddings.Ask ask) {
        call.requirePrincipal(WORKER);
        return work.handOut(call.scope(), ask);
    }

    @PUT
    public Embeddings.Stored keep(Embeddings.Vectors vectors) {
        call.requirePrincipal(WORKER);
        return keep.keep(call.scope(), vectors);
    }
}
