package org.capitania.approval.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import org.capitania.approval.console.ActivityPage.Entry;
import org.capitania.approval.proposal.ProposalQueries;
import org.capitania.approval.signin.Visitor;
import org.capitania.contract.api.ProposalStatus;
import org.jspecify.annotations.Nullable;

/** {@code /activity}. */
@Path("/activity")
@RunOnVirtualThread
class ActivityResource {

    /** The page and its live part. */
    @CheckedTemplate(basePath = "console")
    static class Templates {
        static native TemplateInstance activity(Shell shell, ActivityPage page);

        static native TemplateInstance activity$list(Shell shell, ActivityPage page);
    }

    private static final int MOST = 100;

    private final Pages pages;
    private final ProposalQueries proposals;
    private final Visitor visitor;
    private final Clock clock;

    ActivityResource(Pages pages, ProposalQueries proposals, Visitor visitor, Clock clock) {
        this.pages = pages;
        this.proposals = proposals;
        this.visitor = visitor;
        this.clock = clock;
    }

    @GET
    public Response show(@QueryParam("format") @Nullable String format, @QueryParam("part") @Nullable String part) {
        Instant now = clock.instant();
        return pages.show(
                format,
                () -> new ActivityPage(proposals.activity(visitor.scope(), MOST).stream()
                        .map(a -> entry(a, now))
                        .toList()),
                page -> "list".equals(part)
                        ? Templates.activity$list(pages.partShell("Activity", "activity"), page)
                        : Templates.activity(pages.shell("Activity", "activity"), page),
                MarkdownTemplates::activity);
    }

    private static Entry entry(ProposalQueries.Activity a, Instant now) {
        boolean edited = a.step().status() == ProposalStatus.PENDING && a.step().seq() > 1;
        return new Entry(
                a.proposalId(),
                a.summary(),
                edited ? "edited" : a.step().status().wire(),
                edited
                        ? "edited"
                        : a.step().seq() == 1 ? "asked" : Words.status(a.step().status(), a.tool()),
                Words.name(a.step().seq() == 1 ? a.agent() : a.step().by()),
                Moment.of(a.step().at(), now),
                a.step().reason());
    }
}
