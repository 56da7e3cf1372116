package org.capitania.graph.types;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.capitania.contract.api.DefineType;
import org.capitania.contract.api.GraphTypes;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;

/** {@code GET} and {@code POST /v1/types}. */
@Path("/v1/types")
@RunOnVirtualThread
class TypesResource {
    private final TypeCatalogue types;
    private final DefineTypes define;
    private final CallContext call;

    TypesResource(TypeCatalogue types, DefineTypes define, CallContext call) {
        this.types = types;
        this.define = define;
        this.call = call;
    }

    @GET
    public GraphTypes all() {
        Types all = types.reread(call.scope());
        return new GraphTypes(
                all.nodes().stream().map(TypesResource::shown).toList(),
                all.edges().stream().map(TypesResource::shown).toList());
    }

    @POST
    public GraphTypes.Type define(DefineType wanted) {
        call.requireKind(PrincipalKind.OWNER);
        return define.define(call.scope(), wanted);
    }

    static GraphTypes.Type shown(NodeType type) {
        return new GraphTypes.Type(type.name(), type.title(), type.description(), type.schema());
    }

    static GraphTypes.Type shown(EdgeType type) {
        return new GraphTypes.Type(type.name(), type.title(), type.description(), type.schema());
    }
}
