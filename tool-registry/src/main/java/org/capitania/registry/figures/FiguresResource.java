package org.capitania.registry.figures;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.FiguresView;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/figures/operator[?since=]}, for people and services: {@link FiguresView}. The conflicts are those of the last 24 hours unless
 * {@code since} says another time.
 */
@Path("/v1/figures")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
class FiguresResource {
    private static final Duration NIGHT = Duration.ofHours(24);

    private final CallContext context;
    private final OperatorFigures figures;
    private final Clock clock;

    FiguresResource(CallContext context, OperatorFigures figures, Clock clock) {
        this.context = context;
        this.figures = figures;
        this.clock = clock;
    }

    @GET
    @Path("/operator")
    public FiguresView operator(@QueryParam("since") @Nullable String since) {
        // Agents read through the gateway, which notes what came from outside.
        context.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
        try {
            return figures.of(context.scope(), since == null ? clock.instant().minus(NIGHT) : Instant.parse(since));
        } catch (DateTimeParseException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "since is an ISO 8601 instant, not " + since, e);
        }
    }
}
