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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.capitania.approval.console.ReviewsPage.Entry;
import org.capitania.approval.proposal.Decider;
import org.capitania.approval.review.ReviewQueries;
import org.capitania.approval.review.Reviews;
import org.capitania.approval.signin.Visitor;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.ReviewDecision;
import org.capitania.contract.api.ReviewList;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** {@code /reviews}: what the fleet asks people, and their answers. */
@Path("/reviews")
@RunOnVirtualThread
class ReviewsResource {

    /** The list with its live part, and one question. */
    @CheckedTemplate(basePath = "console")
    static class Templates {
        static native TemplateInstance reviews(Shell shell, ReviewsPage page);

        static native TemplateInstance reviews$list(Shell shell, ReviewsPage page);

        static native TemplateInstance review(Shell shell, Entry entry, String mode);
    }

    private static final int LATELY = 8;
    private static final int MOST_DAYS = 366;

    private final Pages pages;
    private final ReviewQueries queries;
    private final Reviews reviews;
    private final Visitor visitor;
    private final Clock clock;

    ReviewsResource(Pages pages, ReviewQueries queries, Reviews reviews, Visitor visitor, Clock clock) {
        this.pages = pages;
        this.queries = queries;
        this.reviews = reviews;
        this.visitor = visitor;
        this.clock = clock;
    }

    @GET
    public Response list(@QueryParam("format") @Nullable String format, @QueryParam("part") @Nullable String part) {
        return pages.show(
                format,
                this::page,
                page -> "list".equals(part)
                        ? Templates.reviews$list(pages.partShell("Questions", "reviews"), page)
                        : Templates.reviews(pages.shell("Questions", "reviews"), page),
                MarkdownTemplates::reviews);
    }

    /** {@code do=defer} and {@code do=dismiss} open a form. */
    @GET
    @Path("{id}")
    public Response show(
            String id, @QueryParam("format") @Nullable String format, @QueryParam("do") @Nullable String mode) {
        return pages.show(
                format,
                () -> Entry.of(queries.one(visitor.scope(), id), clock.instant()),
                entry -> Templates.review(
                        pages.shell(entry.title(), "reviews"),
                        entry,
                        entry.unanswered() && mode != null && mode.matches("defer|dismiss") ? mode : "answer"),
                MarkdownTemplates::review);
    }

    @POST
    @Path("{id}/{verb}")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response decide(
            String id,
            String verb,
            @FormParam("token") @Nullable String token,
            @FormParam("choice") @Nullable String choice,
            @FormParam("days") @Nullable String days,
            @FormParam("text") @Nullable String text) {
        return pages.act(token, () -> {
            Decider decider = visitor.decider();
            if (!decider.mayDecide()) {
                throw new CapitaniaException(ErrorCode.DENIED, "a question is answered in one's own name only");
            }
            Scope scope = decider.scope();
            switch (verb) {
                case "resolve" -> reviews.resolve(scope, id, new ReviewDecision(choice, text, null, null));
                case "defer" -> reviews.defer(scope, id, new ReviewDecision(null, text, until(days), null));
                case "dismiss" -> reviews.dismiss(scope, id, new ReviewDecision(null, null, null, text));
                default ->
                    throw new CapitaniaException(
                            ErrorCode.NOT_FOUND, "a question is resolved, deferred or dismissed, not " + verb);
            }
            return "/reviews";
        });
    }

    private ReviewsPage page() {
        Scope scope = visitor.scope();
        return new ReviewsPage(
                entries(queries.open(scope)),
                entries(queries.list(scope, "deferred")),
                entries(queries.list(scope, "closed")).stream().limit(LATELY).toList());
    }

    private List<Entry> entries(ReviewList reviews) {
        Instant now = clock.instant();
        return reviews.items().stream().map(review -> Entry.of(review, now)).toList();
    }

    /** So many days from now; without a number until somebody takes it up. */
    private @Nullable Instant until(@Nullable String days) {
        if (days == null || days.isBlank()) {
            return null;
        }
        if (!days.matches("[1-9][0-9]{0,2}") || Integer.parseInt(days) > MOST_DAYS) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "it is put off for 1 to " + MOST_DAYS + " days");
        }
        return clock.instant().plus(Duration.ofDays(Integer.parseInt(days)));
    }
}
