package org.capitania.agentruntime.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How chief tells the owner something: on the list, and where it cannot wait on the channel that is read first. */
final class Owner {
    private static final int LONGEST_TITLE = 200;
    private static final int LONGEST_MESSAGE = 1000;

    private Owner() {}

    /** Says what became of it. */
    static String tell(Play play, String title, String description, boolean urgent, List<String> about) {
        List<String> became = new ArrayList<>();
        Map<String, Object> message =
                Map.of("text", Text.cut(title + ". " + description, LONGEST_MESSAGE), "urgency", "now", "about", about);
        if (urgent && play.can("notify_owner", message)) {
            became.add(play.tell(
                    "This cannot wait for the next brief.", "The message to the owner", "notify_owner", message));
        }
        became.add(play.tell(
                "The owner decides what is done about it.",
                "The entry on the owner's list",
                "open_issue",
                Map.of(
                        "title",
                        Text.cut(title, LONGEST_TITLE),
                        "description",
                        description,
                        "urgency",
                        urgent ? "blocker" : "impactful",
                        "assignee",
                        "owner",
                        "about",
                        about)));
        return String.join("\n", became);
    }
}
