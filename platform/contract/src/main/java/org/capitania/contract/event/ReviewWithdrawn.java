package org.capitania.contract.event;

/** What a review was requested for is over by itself ({@code review.withdrawn}); key: the subject. */
public record ReviewWithdrawn(String subject, String why) {
    public static final String TYPE = "review.withdrawn";
}
