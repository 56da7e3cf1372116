package org.capitania.contract.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A meeting with people from outside is less than a day away ({@code calendar.meeting_due}); key: its event. Once for each time it has, so
 * again when it has moved.
 *
 * @param eventId the node in the calendar; one that recurs has this event for each of its turns
 * @param movedFrom when it was to begin as it was last told; absent the first time
 * @param zone of the company
 * @param language in which the owner reads; absent when the company's own entity does not say
 * @param guests those from outside
 */
public record MeetingDue(
        String eventId,
        String title,
        Instant startsAt,
        @Nullable Instant movedFrom,
        String zone,
        @Nullable String language,
        List<Guest> guests) {
    public static final String TYPE = "calendar.meeting_due";

    /**
     * Somebody who comes; an address, a contact, or both are known.
     *
     * @param contactId the node
     */
    public record Guest(
            @Nullable String address,
            @Nullable String name,
            @Nullable String contactId) {}
}
