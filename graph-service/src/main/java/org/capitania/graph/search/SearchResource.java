package org.capitania.graph.search;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.capitania.contract.api.GraphSearch;
import org.capitania.servicekit.CallContext;

/** {@code POST /v1/search}. */
@Path("/v1/search")
@RunOnVirtualThread
class SearchResource {
    private final SearchGraph search;
    private final CallContext call;

    SearchResource(SearchGraph search, CallContext call) {
        this.search = search;
        this.call = call;
    }

    @POST
    public GraphSearch.Results search(GraphSearch asked) {
        return search.search(call.scope(), asked);
    }
}
