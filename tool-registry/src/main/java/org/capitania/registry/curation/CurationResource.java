package org.capitania.registry.curation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.CurationRequest;
import org.capitania.contract.api.CurationView;
import org.capitania.contract.api.ToolsView;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.export.ToolFormat;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.subagents.Child;
import org.capitania.registry.subagents.Children;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** The catalogue for people, and for each agent and each of its subagents what it may call, in the form its harness reads. */
@Path("/v1")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
class CurationResource {
    private final CallContext context;
    private final Sql sql;
    private final Catalogue catalogue;
    private final Offer offer;
    private final Curations curations;
    private final Children children;
    private final FittedTools fitted;
    private final Published everybodys;

    /** The catalogue as it is sent. */
    private record Published(List<ToolDefinition> tools, byte[] bytes, EntityTag tag) {
        static Published of(List<ToolDefinition> tools) {
            return of(
                    tools,
                    Json.bytes(new ToolsView(
                            tools.stream().map(ToolDefinition::view).toList())));
        }

        static Published of(List<ToolDefinition> tools, byte[] bytes) {
            return new Published(
                    tools, bytes, new EntityTag(Canonical.sha256(new String(bytes, StandardCharsets.UTF_8))));
        }

        Response answer(Request request) {
            Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
            return unchanged != null
                    ? unchanged.build()
                    : Response.ok(bytes, MediaType.APPLICATION_JSON_TYPE)
                            .tag(tag)
                            .build();
        }
    }

    /** What a role was granted, as it is sent in one form. */
    private record Granted(List<ToolDefinition> tools, Map<String, Set<String>> granted, Published published) {}

    private final Map<List<String>, Granted> ofRoles = new ConcurrentHashMap<>();

    CurationResource(
            CallContext context,
            Sql sql,
            Catalogue catalogue,
            Offer offer,
            Curations curations,
            Children children,
            FittedTools fitted) {
        this.children = children;
        this.context = context;
        this.sql = sql;
        this.catalogue = catalogue;
        this.offer = offer;
        this.curations = curations;
        this.fitted = fitted;
        this.everybodys = Published.of(List.copyOf(catalogue.all()));
    }

    /** The whole catalogue; its entity tag changes when anything in it does, so that who has it asks in vain for little. */
    @GET
    @Path("/tools")
    public Response tools(@Context Request request) {
        List<ToolDefinition> tools =
                everybodys.tools().stream().map(fitted.fit(context.scope())).toList();
        Published published = tools.equals(everybodys.tools()) ? everybodys : Published.of(tools);
        return published.answer(request);
    }

    @GET
    @Path("/agents/{agent}/tools")
    public Response tools(
            @PathParam("agent") String role,
            @QueryParam("format") @DefaultValue("anthropic") String format,
            @QueryParam("session") @Nullable String session,
            @Context Request request) {
        requireSelfOr(role, true);
        ToolFormat form = ToolFormat.of(format);
        UnaryOperator<ToolDefinition> fit = fitted.fit(context.scope());
        return session == null
                ? published(role, form, fit).answer(request)
                : Response.ok(ofSession(role, form, fit, session)).build();
    }

    /** What a role may call, as it was written before where that is still the same: every session asks for it. */
    private Published published(String role, ToolFormat form, UnaryOperator<ToolDefinition> fit) {
        return sql.read(context.scope(), tx -> {
            List<ToolDefinition> tools = offer.of(tx, role).stream().map(fit).toList();
            Map<String, Set<String>> granted = curations.granted(tx, role);
            return ofRoles.compute(
                            List.of(context.scope().tenant(), role, form.name()),
                            (key, before) -> before != null
                                            && before.tools().equals(tools)
                                            && before.granted().equals(granted)
                                    ? before
                                    : new Granted(
                                            tools,
                                            granted,
                                            Published.of(tools, Json.bytes(form.export(tools, granted)))))
                    .published();
        });
    }

    private ObjectNode ofSession(String role, ToolFormat form, UnaryOperator<ToolDefinition> fit, String session) {
        Child child = children.find(context.scope(), session)
                .filter(found -> found.role().equals(role))
                .orElseThrow(() -> new CapitaniaException(
                        ErrorCode.NOT_FOUND, role + " has started no subagent in session " + session));
        return sql.tx(context.scope(), tx -> {
            Map<String, Set<String>> granted = new TreeMap<>(
                    child.project() == null ? curations.granted(tx, role) : curations.ceiling(child.acting()));
            granted.keySet().retainAll(child.tools());
            return form.export(
                    offer.all(tx).stream()
                            .filter(tool -> granted.containsKey(tool.name()))
                            .map(fit)
                            .toList(),
                    granted);
        });
    }

    @POST
    @Path("/agents/{agent}/curation")
    public CurationView register(@PathParam("agent") String role, CurationRequest request) {
        requireSelfOr(role, false);
        return sql.tx(context.scope(), tx -> curations.register(tx, role, request));
    }

    private void requireSelfOr(String role, boolean othersMayRead) {
        Caller caller = context.caller();
        boolean self =
                (caller.kind() == PrincipalKind.AGENT && caller.principal().equals("agent:" + role))
                        || (othersMayRead
                                && caller.kind() == PrincipalKind.CLIENT
                                && caller.principal().equals(role));
        boolean other = othersMayRead && (caller.kind().human() || caller.kind() == PrincipalKind.SERVICE);
        if (!self && !other) {
            throw new CapitaniaException(ErrorCode.DENIED, caller.principal() + " is not agent:" + role);
        }
    }
}
