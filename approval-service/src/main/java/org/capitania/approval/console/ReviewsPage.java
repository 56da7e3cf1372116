package org.capitania.approval.console;

import java.time.Instant;
import java.util.List;
import org.capitania.contract.api.ReviewList.Option;
import org.capitania.contract.api.ReviewList.Review;
import org.jspecify.annotations.Nullable;

/** {@code /reviews}: the questions that wait for a person, oldest first, those that were put off, and what became of the last ones. */
record ReviewsPage(List<Entry> open, List<Entry> later, List<Entry> closed) {

    /**
     * One question.
     *
     * @param answer what was chosen, in the words of its option
     * @param note what was said to it, or why it needs no answer
     * @param until until when it is put off; without it, until somebody takes it up
     */
    record Entry(
            String id,
            String kind,
            String status,
            String word,
            String title,
            @Nullable String detail,
            @Nullable String nodeId,
            String by,
            Moment since,
            List<Option> options,
            @Nullable String answer,
            @Nullable String note,
            @Nullable Moment until,
            @Nullable String decidedBy,
            @Nullable Moment decidedAt) {

        static Entry of(Review review, Instant now) {
            String detail = review.detail();
            String note = review.note();
            String by = review.decidedBy();
            List<Option> options = review.options().stream()
                    .map(option -> new Option(option.id(), Addresses.readable(option.label())))
                    .toList();
            return new Entry(
                    review.id(),
                    Words.review(review.kind()),
                    review.status(),
                    Words.answered(review.status()),
                    Addresses.readable(review.title()),
                    detail == null ? null : Addresses.readable(detail),
                    review.nodeId(),
                    Words.name(review.openedBy()),
                    Moment.of(review.createdAt(), now),
                    options,
                    options.stream()
                            .filter(option -> option.id().equals(review.choice()))
                            .map(Option::label)
                            .findFirst()
                            .orElse(null),
                    note == null ? null : Addresses.readable(note),
                    moment(review.deferredUntil(), now),
                    by == null ? null : Words.name(by),
                    moment(review.decidedAt(), now));
        }

        private static @Nullable Moment moment(@Nullable Instant at, Instant now) {
            return at == null ? null : Moment.of(at, now);
        }

        /** Whether it can still be answered. */
        public boolean unanswered() {
            return status.equals("open") || status.equals("deferred");
        }
    }

    public String headline() {
        return switch (open.size()) {
            case 0 -> "No question waits for you";
            case 1 -> "One question waits for you";
            default -> QueuePage.number(open.size()) + " questions wait for you";
        };
    }
}
