package org.capitania.approval.proposal;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import org.capitania.approval.proposal.EditQueries.Filter;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.EditList;
import org.capitania.contract.api.EditList.Edit;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/edits}: what people made of drafts. */
@Path("/v1/edits")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class EditResource {
    private static final int LONGEST_LIST = 200;

    private final CallContext call;
    private final EditQueries queries;

    EditResource(CallContext call, EditQueries queries) {
        this.call = call;
        this.queries = queries;
    }

    @GET
    public EditList list(
            @QueryParam("agent") @Nullable String agent,
            @QueryParam("tool") @Nullable String tool,
            @QueryParam("since") @Nullable String since,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("20") int limit) {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
        int most = Math.clamp(limit, 1, LONGEST_LIST);
        List<Edit> items = queries.list(
                call.scope(), new Filter(given(agent), given(tool), instant(given(since)), id(given(after)), most));
        return new EditList(items, items.size() < most ? null : items.getLast().id());
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static @Nullable Instant instant(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "since is an ISO 8601 instant, not " + text, e);
        }
    }

    private static @Nullable UUID id(@Nullable String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "after is the next of an earlier page, not " + text, e);
        }
    }
}
