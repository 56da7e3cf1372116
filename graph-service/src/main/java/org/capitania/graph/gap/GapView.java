package org.capitania.graph.gap;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;

/** Every gap there is; each is the view {@code v_gap_…} of its name, in whose definition its thresholds stand. */
enum GapView {
    OVERDUE_REPLIES("chief", "It is our turn in a conversation, and the time to answer has run out."),
    STALE_PROPOSALS("chief", "An engagement is at the proposal stage and nothing has happened for 14 days."),
    BILLING("operator", "An engagement has been under contract for 7 days and nothing was invoiced."),
    STALLED_PROJECTS("operator", "A project is in progress and none of its tasks has moved for 30 days."),
    INCOMPLETE_SPECS("operator", "A feature is being built without acceptance criteria."),
    OVERDUE_EXPECTATIONS("chief", "Something is owed, by us or to us, and its time is over."),
    RECURRING_MISSED("operator", "A recurring obligation's next instance is missing or its turn was missed."),
    UNRESOLVED_INTENTS("chief", "Somebody asked for something, and nothing has answered it in its time."),
    ABANDONED_TASKS("operator", "A task is in progress and has not moved for 7 days."),
    UNREAD_DOCUMENTS("chief", "A proposal document went out 14 days ago and nobody has opened it."),
    QUIET_CUSTOMERS("chief", "An engagement is active and we have not talked to its customer for 30 days."),
    COST_ANOMALIES("operator", "A run of an agent cost more than twice its mean of seven days."),
    UNASSIGNED_TASKS("operator", "A task is to be done and nobody drives it."),
    EXPECTATIONS_WITHOUT_DUE_DATE("chief", "Something is owed and nobody has said by when."),
    PROJECTS_WITHOUT_DRIVER("operator", "A project is not finished and nobody drives it."),
    CONTACTS_WITHOUT_ENTITY("chief", "It is not known for whom a person works."),
    INVOICES_PAST_DUE("operator", "An invoice is not paid and its due date has passed."),
    UNMAPPED_PRODUCERS("operator", "Facts come from a source that nobody has described."),
    DOCUMENTS_NEVER_EMBEDDED("operator", "A document cannot be found by its meaning."),
    CONVERSATIONS_WITHOUT_TURN_STATE("chief", "Nobody knows whose turn it is in a conversation.");

    private static final String PREFIX = "gap_";

    /** The agent whose side of the system it is on. */
    final String agent;

    final String description;

    GapView(String agent, String description) {
        this.agent = agent;
        this.description = description;
    }

    String wireName() {
        return PREFIX + name().toLowerCase(Locale.ROOT);
    }

    String view() {
        return "v_" + wireName();
    }

    /** The gap of a name, said with or without its prefix. */
    static GapView of(String name) {
        String said = name.toLowerCase(Locale.ROOT).replace('-', '_');
        for (GapView gap : values()) {
            if (gap.wireName().equals(said) || gap.wireName().equals(PREFIX + said)) {
                return gap;
            }
        }
        String allowed =
                String.join(", ", Arrays.stream(values()).map(GapView::wireName).toList());
        throw new CapitaniaException(
                ErrorCode.NOT_FOUND,
                "there is no gap " + name + "; there are " + allowed,
                List.of(new FieldError("/name", name, allowed, "there is no gap of this name")));
    }
}
