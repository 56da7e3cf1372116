package org.capitania.approval.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /}: what agents told the owner, what waits, oldest first, and what was decided lately. */
record QueuePage(List<Notice> notices, List<Card> waiting, List<Done> recent) {
    private static final List<String> NUMBERS =
            List.of("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine");

    /** One thing that an agent told. */
    record Notice(
            String id, String agent, String text, List<String> about, boolean urgent, boolean tainted, Moment at) {}

    /** One thing that waits. */
    record Card(
            String id,
            String agent,
            String act,
            String summary,
            Draft draft,
            Moment since,
            String risk,
            boolean tainted,
            @Nullable String stale,
            int revision,
            @Nullable Moment expires,
            boolean expiresSoon) {}

    /** One thing that was decided. */
    record Done(
            String id,
            String agent,
            String summary,
            String status,
            String word,
            Moment at,
            @Nullable String reason) {}

    public String headline() {
        int n = waiting.size();
        return switch (n) {
            case 0 ->
                notices.isEmpty() ? "Nothing waits for you" : "Nothing waits for you, but you were told something";
            case 1 -> "One thing waits for you";
            default -> number(n) + " things wait for you";
        };
    }

    /** As a sentence begins with it. */
    static String number(int n) {
        return n < NUMBERS.size() ? NUMBERS.get(n) : Integer.toString(n);
    }
}
