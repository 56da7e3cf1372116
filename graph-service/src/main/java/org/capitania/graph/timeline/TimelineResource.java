package org.capitania.graph.timeline;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.Timeline;
import org.capitania.graph.node.Moment;
import org.capitania.servicekit.CallContext;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/timeline?about=}. */
@Path("/v1/timeline")
@RunOnVirtualThread
class TimelineResource {
    private static final int MOST = 200;

    private final TimelineQueries timeline;
    private final CallContext call;

    TimelineResource(TimelineQueries timeline, CallContext call) {
        this.timeline = timeline;
        this.call = call;
    }

    @GET
    public Timeline about(
            @QueryParam("about") @Nullable String about,
            @QueryParam("before") @Nullable String before,
            @QueryParam("limit") @DefaultValue("30") int limit,
            @QueryParam("as_of") @Nullable String asOf,
            @QueryParam("valid_at") @Nullable String validAt) {
        if (about == null || about.isBlank()) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    "about is absent; expected the id or slug of a node",
                    List.of(new FieldError("/about", null, "the id or slug of a node", "required")));
        }
        return timeline.about(
                call.scope(),
                about,
                Moment.of(asOf, validAt),
                Moment.time("before", before),
                Math.clamp(limit, 1, MOST));
    }
}
