package org.capitania.approval.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.capitania.approval.annotation.Annotations;
import org.capitania.approval.console.ProposalPage.Banner;
import org.capitania.approval.console.ProposalPage.View;
import org.capitania.approval.proposal.DecideProposal;
import org.capitania.approval.proposal.EditProposal;
import org.capitania.approval.signin.Visitor;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.api.AnnotationRequest;
import org.capitania.contract.api.ApproveRequest;
import org.capitania.contract.api.EditRequest;
import org.capitania.contract.api.ProposalView;
import org.capitania.contract.api.RejectRequest;
import org.jspecify.annotations.Nullable;

/** {@code /proposals/{id}} and what its forms do. */
@Path("/proposals/{id}")
@RunOnVirtualThread
class ProposalPageResource {

    /** The page and its live parts. */
    @CheckedTemplate(basePath = "console")
    static class Templates {
        static native TemplateInstance proposal(Shell shell, ProposalPage page, View view);

        static native TemplateInstance proposal$draft(Shell shell, ProposalPage page, View view);

        static native TemplateInstance proposal$steps(Shell shell, ProposalPage page);
    }

    private static final View READING = new View("read", null, null, "");

    private final Pages pages;
    private final ProposalPages proposals;
    private final DecideProposal decide;
    private final EditProposal edit;
    private final Annotations annotations;
    private final Visitor visitor;

    ProposalPageResource(
            Pages pages,
            ProposalPages proposals,
            DecideProposal decide,
            EditProposal edit,
            Annotations annotations,
            Visitor visitor) {
        this.pages = pages;
        this.proposals = proposals;
        this.decide = decide;
        this.edit = edit;
        this.annotations = annotations;
        this.visitor = visitor;
    }

    /**
     * {@code do=edit} and {@code do=reject} open a form; {@code part=draft} and {@code part=steps} are what is refreshed, the first on a page
     * that shows the revision {@code seen}.
     */
    @GET
    public Response show(
            String id,
            @QueryParam("format") @Nullable String format,
            @QueryParam("part") @Nullable String part,
            @QueryParam("do") @Nullable String mode,
            @QueryParam("said") @Nullable String said,
            @QueryParam("seen") @Nullable Integer seen) {
        if ("draft".equals(part)) {
            return pages.html(200, () -> {
                ProposalPage page = proposals.draft(visitor.scope(), uuid(id));
                boolean current = seen == null || seen == page.proposal().revision();
                return Templates.proposal$draft(
                        pages.partShell(page.proposal().summary(), "proposal"),
                        page,
                        current ? READING : new View("read", null, null, "", seen));
            });
        }
        return pages.show(
                format,
                () -> proposals.page(visitor.scope(), uuid(id)),
                page -> "steps".equals(part)
                        ? Templates.proposal$steps(shell(page), page)
                        : Templates.proposal(shell(page), page, view(page, mode, said)),
                MarkdownTemplates::proposal);
    }

    @POST
    @Path("approve")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response approve(
            String id,
            @FormParam("token") @Nullable String token,
            @FormParam("digest") @Nullable String digest,
            @FormParam("revision") @Nullable Integer revision) {
        return decided(
                id,
                token,
                () -> decide.approve(
                        uuid(id), visitor.decider(), new ApproveRequest(required(digest), required(revision))),
                READING);
    }

    @POST
    @Path("reject")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response reject(
            String id, @FormParam("token") @Nullable String token, @FormParam("reason") @Nullable String reason) {
        String why = reason == null ? "" : reason;
        return decided(
                id,
                token,
                () -> decide.reject(uuid(id), visitor.decider(), new RejectRequest(why)),
                new View("reject", null, null, why));
    }

    @POST
    @Path("edit")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response edit(String id, @BeanParam EditForm form) {
        try {
            visitor.requireOwnForm(form.token);
            ProposalView before = proposals.proposal(visitor.scope(), uuid(id));
            ProposalView after = edit.edit(
                    uuid(id),
                    visitor.decider(),
                    new EditRequest(form.arguments(before), required(form.digest), blankToNull(form.reason)));
            Draft draft = Draft.of(after);
            // What is no mail looks otherwise than what was typed, and is shown before anyone says yes to it.
            if (form.thenApprove() && draft.mail() && draft.warnings().isEmpty()) {
                decide.approve(uuid(id), visitor.decider(), new ApproveRequest(after.digest(), after.revision()));
                return Response.seeOther(address(id, "")).build();
            }
            String became = after.revision() == before.revision() ? "same" : "edited";
            return Response.seeOther(address(id, "?said=" + (form.thenApprove() ? "look" : became)))
                    .build();
        } catch (CapitaniaException e) {
            return failed(id, e, new View("edit", null, form.again(e), ""));
        }
    }

    /** Stores a grade of one act and shows the acts again. */
    @POST
    @Path("grades")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response grade(
            String id,
            @FormParam("token") @Nullable String token,
            @FormParam("action") @Nullable String action,
            @FormParam("grade") @Nullable String grade,
            @FormParam("note") @Nullable String note,
            @HeaderParam("HX-Request") @Nullable String htmx) {
        return pages.act(token, () -> {
            ProposalView proposal = proposals.proposal(visitor.scope(), uuid(id));
            annotations.grade(
                    visitor.scope(), required(action), new AnnotationRequest(required(grade), note, proposal.taskId()));
            return address(id, htmx == null ? "" : "?part=steps").toString();
        });
    }

    private Response decided(String id, @Nullable String token, Runnable decision, View otherwise) {
        try {
            visitor.requireOwnForm(token);
            decision.run();
            return Response.seeOther(address(id, "")).build();
        } catch (CapitaniaException e) {
            return failed(id, e, otherwise);
        }
    }

    /** The page as it is now, with a banner that says what happened instead. */
    private Response failed(String id, CapitaniaException e, View otherwise) {
        if (e.code() == ErrorCode.UNAUTHENTICATED || e.code() == ErrorCode.NOT_FOUND) {
            return pages.problem(e);
        }
        return pages.html(e.code().httpStatus(), () -> {
            ProposalPage page = proposals.page(visitor.scope(), uuid(id));
            // A form is kept, also when the ground under it moved: nobody types a letter twice.
            boolean kept =
                    page.heading().open() && (otherwise.form() != null || e.code() != ErrorCode.PROPOSAL_CHANGED);
            Banner banner = banner(e, kept && otherwise.form() != null);
            View view = kept
                    ? new View(otherwise.mode(), banner, otherwise.form(), otherwise.rejection())
                    : new View("read", banner, null, "");
            return Templates.proposal(shell(page), page, view);
        });
    }

    private static Banner banner(CapitaniaException e, boolean formKept) {
        return switch (e.code()) {
            case PROPOSAL_CHANGED ->
                new Banner(
                        "warn",
                        "This changed while you were looking at it",
                        formKept
                                ? "Nothing was saved. What you typed is kept here; the version that stands now is below it."
                                : "Nothing was decided. Below is the version that stands now; look at it again, then decide.");
            case ALREADY_DECIDED ->
                new Banner("warn", "Someone was faster", "It is decided already. Your decision was not recorded.");
            case PROPOSAL_EXPIRED ->
                new Banner("warn", "Too late", "It expired before you decided. Nothing was done, and nothing will be.");
            default ->
                new Banner(
                        "bad",
                        e.code().type() == ErrorType.UNAVAILABLE ? "That cannot be done right now" : "That was refused",
                        sentence(e));
        };
    }

    private static String sentence(CapitaniaException e) {
        String detail = e.detail();
        // An address at the beginning stays as it is written.
        boolean address = detail.split("\\s", 2)[0].contains("@");
        String begun = address ? detail : Character.toUpperCase(detail.charAt(0)) + detail.substring(1);
        return begun.endsWith(".") ? begun : begun + ".";
    }

    private static View view(ProposalPage page, @Nullable String mode, @Nullable String said) {
        boolean open = page.heading().open();
        if (open && "edit".equals(mode)) {
            return new View("edit", null, EditForm.of(page.proposal()), "");
        }
        if (open && "reject".equals(mode)) {
            return new View("reject", null, null, "");
        }
        @Nullable
        Banner banner = switch (said == null ? "" : said) {
            case "edited" ->
                new Banner(
                        "good",
                        "Saved as revision " + page.proposal().revision(),
                        "Every check was run again. Nothing leaves until you approve it.");
            case "look" ->
                new Banner(
                        "warn",
                        "Saved, but not approved yet",
                        "Look at it once more as it stands below, then approve it.");
            case "same" -> new Banner("good", "Nothing to save", "You left it as it was.");
            default -> null;
        };
        return new View("read", open ? banner : null, null, "");
    }

    private Shell shell(ProposalPage page) {
        return pages.shell(page.proposal().summary(), "proposal");
    }

    private static java.net.URI address(String id, String more) {
        return java.net.URI.create("/proposals/" + uuid(id) + more);
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static <T> T required(@Nullable T value) {
        if (value == null || value.toString().isBlank()) {
            throw new CapitaniaException(
                    ErrorCode.BAD_REQUEST, "the form came without everything it holds; open the page again");
        }
        return value;
    }

    private static UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "no proposal " + id, e);
        }
    }
}
