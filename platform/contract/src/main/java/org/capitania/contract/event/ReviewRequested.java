package org.capitania.contract.event;

/**
 * Something waits for a person to look at it ({@code review.requested}); key: the subject. Said again about a subject that is open, it changes nothing.
 *
 * @param subject what it is about: there is one review a subject
 */
public record ReviewRequested(String subject, String kind, String title, String detail) {
    public static final String TYPE = "review.requested";
}
