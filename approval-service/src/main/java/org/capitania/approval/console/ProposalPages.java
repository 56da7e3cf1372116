package org.capitania.approval.console;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.capitania.approval.console.ProposalPage.Heading;
import org.capitania.approval.console.ProposalPage.Milestone;
import org.capitania.approval.proposal.ProposalQueries;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ProposalView;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** Makes the page of one proposal; its three panes are read at the same time. */
@ApplicationScoped
class ProposalPages {
    private final ProposalQueries proposals;
    private final ThreadReader threads;
    private final TrajectoryReader trajectories;
    private final Clock clock;
    private final Executor executor = Executors.newVirtualThreadPerTaskExecutor();

    ProposalPages(ProposalQueries proposals, ThreadReader threads, TrajectoryReader trajectories, Clock clock) {
        this.proposals = proposals;
        this.threads = threads;
        this.trajectories = trajectories;
        this.clock = clock;
    }

    ProposalView proposal(Scope scope, UUID id) {
        return proposals.one(scope, id);
    }

    ProposalPage page(Scope scope, UUID id) {
        return page(scope, proposals.one(scope, id));
    }

    ProposalPage page(Scope scope, ProposalView proposal) {
        CompletableFuture<Pane<MailThread>> thread =
                CompletableFuture.supplyAsync(() -> thread(scope, proposal), executor);
        CompletableFuture<Pane<Trajectory>> trajectory =
                CompletableFuture.supplyAsync(() -> trajectory(scope, proposal), executor);
        return page(scope, proposal, thread.join(), trajectory.join());
    }

    /** The middle of the page alone, which does not show the thread. */
    ProposalPage draft(Scope scope, UUID id) {
        ProposalView proposal = proposals.one(scope, id);
        return page(scope, proposal, Pane.empty(""), trajectory(scope, proposal));
    }

    private Pane<Trajectory> trajectory(Scope scope, ProposalView proposal) {
        String task = proposal.taskId();
        return task == null
                ? Pane.empty("This proposal belongs to no task.")
                : Pane.of("What " + Words.name(proposal.agent()) + " did", () -> trajectories.read(scope, task));
    }

    private Pane<MailThread> thread(Scope scope, ProposalView proposal) {
        String conversation = proposal.conversation();
        return conversation == null
                ? Pane.empty("This proposal belongs to no conversation.")
                : Pane.of("The conversation", () -> threads.read(scope, conversation, proposal.interactionId()));
    }

    private ProposalPage page(
            Scope scope, ProposalView proposal, Pane<MailThread> thread, Pane<Trajectory> trajectory) {
        Instant now = clock.instant();
        return new ProposalPage(
                proposal,
                Draft.of(proposal),
                heading(proposal, now),
                way(proposal, now),
                Changes.of(proposal, now),
                Differences.of(proposal),
                proposals.refusals(scope, UUID.fromString(proposal.id())),
                thread.content(),
                thread.missing(),
                trajectory.content(),
                trajectory.missing());
    }

    private static Heading heading(ProposalView p, Instant now) {
        Instant expires = p.expiresAt();
        return new Heading(
                Words.name(p.agent()),
                Words.act(p),
                p.status().wire(),
                Words.status(p.status(), p.tool()),
                Words.risk(p.risk()),
                Moment.of(p.createdAt(), now),
                expires == null ? null : Moment.of(expires, now),
                p.status() == ProposalStatus.PENDING || p.status() == ProposalStatus.STALE,
                p.status() == ProposalStatus.APPROVED || p.status() == ProposalStatus.EXECUTING,
                said(p));
    }

    /** The outcome in a sentence. */
    private static @Nullable String said(ProposalView p) {
        boolean mail = p.tool().equals("email_send");
        return switch (p.status()) {
            case PENDING -> null;
            case STALE ->
                "It was approved, but something it rests on has changed since, so nothing was done. If it still looks the same by the facts as they are now, approving it again lets it happen; otherwise you are shown it anew.";
            case APPROVED -> "Approved. It is taken up now; you can leave this page.";
            case EXECUTING -> mail ? "It is being sent." : "It is being done.";
            case EXECUTED -> mail ? "It has left, once." : "It is done.";
            case REJECTED -> "Nothing was done. " + Words.name(p.agent()) + " was told why.";
            case EXPIRED -> "Nothing was done.";
            case FAILED -> mail ? "It was tried and did not leave." : "It was tried and had no effect.";
            case UNKNOWN ->
                "Nobody can tell whether it took effect, so it will not be repeated. Look for yourself before you do anything about it.";
        };
    }

    private static List<Milestone> way(ProposalView p, Instant now) {
        List<ProposalView.Step> history = p.history();
        return history == null
                ? List.of()
                : history.stream()
                        .map(s -> new Milestone(
                                s.status().wire(),
                                s.revision() > 1 && s.status() == ProposalStatus.PENDING
                                        ? "edited"
                                        : s.seq() == 1 ? "asked" : Words.status(s.status(), p.tool()),
                                Words.name(s.seq() == 1 ? p.agent() : s.by()),
                                Moment.of(s.at(), now),
                                s.reason(),
                                s.revision()))
                        .toList();
    }
}
