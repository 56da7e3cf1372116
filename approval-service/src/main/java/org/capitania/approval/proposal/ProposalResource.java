package org.capitania.approval.proposal;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.ApproveRequest;
import org.capitania.contract.api.Claim;
import org.capitania.contract.api.ClaimRequest;
import org.capitania.contract.api.EditRequest;
import org.capitania.contract.api.ProposalList;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ProposalView;
import org.capitania.contract.api.RejectRequest;
import org.capitania.contract.api.ReportRequest;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.jspecify.annotations.Nullable;

/** {@code /v1/proposals}. */
@Path("/v1/proposals")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class ProposalResource {
    private static final String GATEWAY = "system:tool-registry";
    private static final int LONGEST_LIST = 500;
    private static final Pattern PART = Pattern.compile("[0-9a-f-]{4,36}");

    private final CallContext call;
    private final ProposalQueries queries;
    private final DecideProposal decide;
    private final EditProposal edit;
    private final ExecuteProposal execute;

    ProposalResource(
            CallContext call,
            ProposalQueries queries,
            DecideProposal decide,
            EditProposal edit,
            ExecuteProposal execute) {
        this.call = call;
        this.queries = queries;
        this.decide = decide;
        this.edit = edit;
        this.execute = execute;
    }

    /**
     * Newest first; {@code status} may name several, with commas between, {@code id} is how ids begin or end, {@code after} is the {@code next} of
     * an earlier page.
     */
    @GET
    public ProposalList list(
            @QueryParam("status") @Nullable String status,
            @QueryParam("id") @Nullable String part,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        requireReader();
        List<ProposalStatus> statuses = status == null || status.isBlank()
                ? List.of()
                : Arrays.stream(status.split(","))
                        .map(String::strip)
                        .map(ProposalStatus::fromWire)
                        .toList();
        int most = Math.clamp(limit, 1, LONGEST_LIST);
        UUID last = after == null || after.isBlank() ? null : uuid(after);
        if (part != null && !PART.matcher(part).matches()) {
            throw new CapitaniaException(
                    ErrorCode.BAD_REQUEST, "a part of an id is 4 to 36 hexadecimal digits and dashes");
        }
        List<ProposalView> items = queries.list(call.scope(), statuses, part, most, last);
        return new ProposalList(
                items, items.size() < most ? null : items.getLast().id());
    }

    @GET
    @Path("{id}")
    public ProposalView show(String id) {
        requireReader();
        return queries.one(call.scope(), uuid(id));
    }

    @POST
    @Path("{id}/approve")
    @Consumes(MediaType.APPLICATION_JSON)
    public ProposalView approve(String id, @Nullable ApproveRequest request) {
        return decide.approve(uuid(id), decider(), request == null ? new ApproveRequest(null, null) : request);
    }

    @POST
    @Path("{id}/reject")
    @Consumes(MediaType.APPLICATION_JSON)
    public ProposalView reject(String id, @Nullable RejectRequest request) {
        return decide.reject(uuid(id), decider(), request == null ? new RejectRequest("") : request);
    }

    @POST
    @Path("{id}/edit")
    @Consumes(MediaType.APPLICATION_JSON)
    public ProposalView edit(String id, @Nullable EditRequest request) {
        if (request == null) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "an edit gives the whole new arguments");
        }
        return edit.edit(uuid(id), decider(), request);
    }

    @POST
    @Path("{id}/claim")
    @Consumes(MediaType.APPLICATION_JSON)
    public Claim claim(String id, ClaimRequest request) {
        call.requirePrincipal(GATEWAY);
        return execute.claim(uuid(id), call.scope(), request);
    }

    @POST
    @Path("{id}/report")
    @Consumes(MediaType.APPLICATION_JSON)
    public ProposalView report(String id, ReportRequest request) {
        call.requirePrincipal(GATEWAY);
        return execute.report(uuid(id), call.scope(), request);
    }

    /** What waits holds whole mails: only people and the fleet's own services read it. */
    private void requireReader() {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
    }

    private Decider decider() {
        return Decider.of(call.caller(), call.scope(), call.idempotencyKey());
    }

    private static UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "no proposal " + id + "; a proposal's id is a UUID", e);
        }
    }
}
