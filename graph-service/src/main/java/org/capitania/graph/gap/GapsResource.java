package org.capitania.graph.gap;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.Gap;
import org.capitania.graph.node.Moment;
import org.capitania.servicekit.CallContext;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/gaps[/{name}]}; {@code at} is a time to come: what will be missing then, if nothing is done. */
@Path("/v1/gaps")
@RunOnVirtualThread
class GapsResource {
    private static final int MOST = 500;
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final GapQueries gaps;
    private final CallContext call;
    private final Clock clock;

    GapsResource(GapQueries gaps, CallContext call, Clock clock) {
        this.gaps = gaps;
        this.call = call;
        this.clock = clock;
    }

    @GET
    public Gap.Summaries all(@QueryParam("at") @Nullable String at) {
        return gaps.summaries(call.scope(), later(at));
    }

    @GET
    @Path("/{name}")
    public Gap.Page one(
            @PathParam("name") String name,
            @QueryParam("at") @Nullable String at,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        if (limit < 1 || limit > MOST) {
            throw fault("/limit", Integer.toString(limit), "1 to " + MOST);
        }
        return gaps.page(call.scope(), GapView.of(name), later(at), after == null ? null : Cursor.of(after), limit);
    }

    /** The views see what is known now: what was missing in the past is not theirs to say. */
    private @Nullable Instant later(@Nullable String text) {
        Instant at = Moment.time("at", text);
        if (at != null && text != null && at.isBefore(clock.instant().minus(SKEW))) {
            throw fault("/at", text, "now or later");
        }
        return at;
    }

    private static CapitaniaException fault(String path, String found, String allowed) {
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION,
                path + " is " + found + "; expected " + allowed,
                List.of(new FieldError(path, found, allowed, "out of range")));
    }
}
