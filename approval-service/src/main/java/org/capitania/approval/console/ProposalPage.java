package org.capitania.approval.console;

import java.util.List;
import java.util.Map;
import org.capitania.contract.api.ProposalView;
import org.jspecify.annotations.Nullable;

/**
 * {@code /proposals/{id}}: the thread, the draft, and what the agent did.
 *
 * @param differences what has changed of the facts that a stale one rests on
 * @param noThread why there is no thread
 * @param noTrajectory why there is no trajectory
 */
record ProposalPage(
        ProposalView proposal,
        Draft draft,
        Heading heading,
        List<Milestone> way,
        List<Change> changes,
        List<String> differences,
        List<String> refusals,
        @Nullable MailThread thread,
        @Nullable String noThread,
        @Nullable Trajectory trajectory,
        @Nullable String noTrajectory) {

    /** Who asks for what, and where it stands, in words. */
    record Heading(
            String agent,
            String act,
            String status,
            String word,
            String risk,
            Moment since,
            @Nullable Moment expires,
            boolean open,
            boolean moving,
            @Nullable String said) {}

    /** One step it took. */
    record Milestone(
            String status,
            String word,
            String by,
            Moment at,
            @Nullable String reason,
            int revision) {}

    /** One edit by a person, field by field. */
    record Change(
            int revision, String by, Moment at, @Nullable String reason, List<Field> fields) {}

    /** A field that an edit changed, as pieces of text that were kept, removed or added. */
    record Field(String name, List<Piece> pieces) {}

    /** {@code kind}: same, gone or new. */
    record Piece(String kind, String text) {}

    /**
     * The form of an edit as it was filled in, and what is wrong with it.
     *
     * @param json the whole arguments, for an act that is no mail
     * @param errors by field
     */
    record Form(
            String to,
            String cc,
            String subject,
            String body,
            String json,
            String reason,
            Map<String, String> errors) {}

    /**
     * How the page is shown: reading, editing, rejecting; and what happened just now.
     *
     * @param seen the revision that is before the person's eyes while another stands by now: nobody approves that one unread
     */
    record View(
            String mode,
            @Nullable Banner banner,
            @Nullable Form form,
            String rejection,
            @Nullable Integer seen) {

        /** One that shows what stands. */
        View(String mode, @Nullable Banner banner, @Nullable Form form, String rejection) {
            this(mode, banner, form, rejection, null);
        }
    }

    /** {@code tone}: good, warn or bad. */
    record Banner(String tone, String title, String text) {}
}
