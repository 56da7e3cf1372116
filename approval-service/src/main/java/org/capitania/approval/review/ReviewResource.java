package org.capitania.approval.review;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.capitania.contract.api.ReviewList;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.orm.Orm;

/** {@code GET /v1/reviews}. */
@Path("/v1/reviews")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class ReviewResource {
    private static final int LONGEST_LIST = 200;

    private final CallContext call;
    private final Orm orm;

    ReviewResource(CallContext call, Orm orm) {
        this.call = call;
        this.orm = orm;
    }

    @GET
    public ReviewList list(@QueryParam("status") @DefaultValue("open") String status) {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
        return orm.tx(
                call.scope(),
                tx -> tx.session()
                        .createSelectionQuery(
                                "FROM ReviewRow WHERE status = :status ORDER BY createdAt DESC, id DESC",
                                ReviewRow.class)
                        .setParameter("status", status)
                        .setMaxResults(LONGEST_LIST)
                        .getResultList()
                        .map(rows -> new ReviewList(
                                rows.stream().map(ReviewRow::view).toList())));
    }
}
