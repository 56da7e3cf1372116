package org.capitania.contract.event;

import java.util.List;
import org.capitania.contract.api.ReviewList.Option;
import org.jspecify.annotations.Nullable;

/**
 * Something waits for a person to look at it ({@code review.requested}); key: the subject. Said again about a subject that is open, it changes nothing.
 *
 * @param subject what it is about: there is one review a subject
 * @param options what may be chosen; absent: it is done or it is not
 */
public record ReviewRequested(
        String subject,
        String kind,
        String title,
        String detail,
        @Nullable List<Option> options) {
    public static final String TYPE = "review.requested";

    /** One with nothing to choose. */
    public ReviewRequested(String subject, String kind, String title, String detail) {
        this(subject, kind, title, detail, null);
    }
}
