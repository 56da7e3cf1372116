package org.capitania.graph.types;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.capitania.contract.api.GraphTypes;

/** {@code GET /v1/types}. */
@Path("/v1/types")
@RunOnVirtualThread
class TypesResource {
    private final TypeCatalogue types;

    TypesResource(TypeCatalogue types) {
        this.types = types;
    }

    @GET
    public GraphTypes all() {
        return new GraphTypes(
                types.nodes().stream()
                        .map(t -> new GraphTypes.Type(t.name(), t.title(), t.description(), t.schema()))
                        .toList(),
                types.edges().stream()
                        .map(t -> new GraphTypes.Type(t.name(), t.title(), t.description(), t.schema()))
                        .toList());
    }
}
