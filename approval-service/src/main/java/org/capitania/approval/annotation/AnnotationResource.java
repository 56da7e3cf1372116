package org.capitania.approval.annotation;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.AnnotationList;
import org.capitania.contract.api.AnnotationRequest;
import org.capitania.contract.api.AnnotationView;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.jspecify.annotations.Nullable;

/** {@code /v1/actions/{id}/annotations} and {@code /v1/annotations}. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class AnnotationResource {
    private final CallContext call;
    private final Annotations annotations;

    AnnotationResource(CallContext call, Annotations annotations) {
        this.call = call;
        this.annotations = annotations;
    }

    @POST
    @Path("actions/{id}/annotations")
    @Consumes(MediaType.APPLICATION_JSON)
    public AnnotationView grade(String id, @Nullable AnnotationRequest request) {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON);
        if (request == null) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "a grade is good, bad, missing or unnecessary");
        }
        return annotations.grade(call.scope(), id, request);
    }

    @GET
    @Path("actions/{id}/annotations")
    public AnnotationList ofAction(String id) {
        requireReader();
        return new AnnotationList(annotations.ofAction(call.scope(), id));
    }

    @GET
    @Path("annotations")
    public AnnotationList list(
            @QueryParam("task_id") @Nullable String taskId, @QueryParam("since") @Nullable String since) {
        requireReader();
        if (taskId != null && since == null) {
            return new AnnotationList(annotations.ofTask(call.scope(), taskId));
        }
        if (taskId == null && since != null) {
            return new AnnotationList(annotations.since(call.scope(), instant(since)));
        }
        throw new CapitaniaException(ErrorCode.BAD_REQUEST, "say of which task, or since when: ?task_id= or ?since=");
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "since is an ISO 8601 instant, not " + text, e);
        }
    }

    private void requireReader() {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
    }
}
