package org.capitania.approval.review;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.OpenReview;
import org.capitania.contract.api.ReviewDecision;
import org.capitania.contract.api.ReviewList;
import org.capitania.contract.api.ReviewList.Review;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.jspecify.annotations.Nullable;

/** {@code /v1/reviews}: the fleet asks, people answer. */
@Path("/v1/reviews")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class ReviewResource {
    private static final String GATEWAY = "system:tool-registry";

    private final CallContext call;
    private final ReviewQueries queries;
    private final Reviews reviews;

    ReviewResource(CallContext call, ReviewQueries queries, Reviews reviews) {
        this.call = call;
        this.queries = queries;
        this.reviews = reviews;
    }

    @GET
    public ReviewList list(@QueryParam("status") @DefaultValue("open") String status) {
        requireReader();
        return queries.list(call.scope(), status);
    }

    @GET
    @Path("{id}")
    public Review show(String id) {
        requireReader();
        return queries.one(call.scope(), id);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Review open(@Nullable OpenReview review) {
        call.requireKind(PrincipalKind.SERVICE);
        if (review == null) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "a review is a kind, a title and its options");
        }
        return reviews.open(call.scope(), call.idempotencyKey(), review);
    }

    @POST
    @Path("{id}/resolve")
    @Consumes(MediaType.APPLICATION_JSON)
    public Review resolve(String id, @Nullable ReviewDecision decision) {
        requirePerson();
        return reviews.resolve(call.scope(), id, given(decision));
    }

    @POST
    @Path("{id}/defer")
    @Consumes(MediaType.APPLICATION_JSON)
    public Review defer(String id, @Nullable ReviewDecision decision) {
        requirePerson();
        return reviews.defer(call.scope(), id, given(decision));
    }

    @POST
    @Path("{id}/dismiss")
    @Consumes(MediaType.APPLICATION_JSON)
    public Review dismiss(String id, @Nullable ReviewDecision decision) {
        requirePerson();
        return reviews.dismiss(call.scope(), id, given(decision));
    }

    private static ReviewDecision given(@Nullable ReviewDecision decision) {
        return decision == null ? new ReviewDecision(null, null, null, null) : decision;
    }

    private void requireReader() {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
    }

    /** A person, in their own name, or the gateway for one whose own key it has seen (its tool is the owner's alone). */
    private void requirePerson() {
        String actor = call.scope().actor();
        boolean own = call.caller().kind().human() && actor.equals(call.caller().principal());
        boolean passedOn = call.caller().principal().equals(GATEWAY);
        if (!actor.startsWith("user:") || !(own || passedOn)) {
            throw new CapitaniaException(ErrorCode.DENIED, "only a person answers a review, not " + actor)
                    .withHint("ask the owner");
        }
    }
}
