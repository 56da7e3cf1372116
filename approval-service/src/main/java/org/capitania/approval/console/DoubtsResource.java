package org.capitania.approval.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import org.capitania.approval.signin.Visitor;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.contract.api.DoubtList;
import org.capitania.contract.api.SettleDoubt;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** {@code /doubts}: what may or may not have happened, and a person's word for it. */
@Path("/doubts")
@RunOnVirtualThread
class DoubtsResource {
    private static final String DOUBTS = "/v1/doubts";

    /** The page. */
    @CheckedTemplate(basePath = "console")
    static class Templates {
        static native TemplateInstance doubts(Shell shell, DoubtsPage page);
    }

    private final Pages pages;
    private final Visitor visitor;
    private final Peers peers;
    private final Clock clock;

    DoubtsResource(Pages pages, Visitor visitor, Peers peers, Clock clock) {
        this.pages = pages;
        this.visitor = visitor;
        this.peers = peers;
        this.clock = clock;
    }

    @GET
    public Response show(@QueryParam("format") @Nullable String format) {
        return pages.show(
                format,
                this::page,
                page -> Templates.doubts(pages.shell("In doubt", "activity"), page),
                MarkdownTemplates::doubts);
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response settle(
            @FormParam("token") @Nullable String token,
            @FormParam("id") @Nullable String id,
            @FormParam("happened") @Nullable String happened,
            @FormParam("note") @Nullable String note) {
        return pages.act(token, () -> {
            if (id == null || happened == null || !happened.matches("yes|no")) {
                throw new CapitaniaException(ErrorCode.BAD_REQUEST, "say of which one, and whether it happened");
            }
            Scope scope = visitor.scope();
            SettleDoubt said = new SettleDoubt(id, happened.equals("yes"), note);
            peers.post(Service.TOOL_REGISTRY, DOUBTS, scope, said, DoubtList.class, inTheNameOf(scope));
            return "/doubts";
        });
    }

    private DoubtsPage page() {
        Scope scope = visitor.scope();
        Instant now = clock.instant();
        DoubtList doubts = peers.get(Service.TOOL_REGISTRY, DOUBTS, scope, DoubtList.class, inTheNameOf(scope));
        return new DoubtsPage(doubts.items().stream()
                .map(doubt -> new DoubtsPage.Entry(
                        doubt.id(),
                        doubt.proposalId(),
                        doubt.tool(),
                        Words.name(doubt.actor()),
                        doubt.why(),
                        Addresses.readable(doubt.arguments().toPrettyString()),
                        Moment.of(doubt.at(), now)))
                .toList());
    }

    private static PeerOptions inTheNameOf(Scope scope) {
        return PeerOptions.DEFAULT.onBehalfOf(scope.actor());
    }
}
