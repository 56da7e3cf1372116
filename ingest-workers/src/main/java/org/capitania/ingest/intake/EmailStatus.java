package org.capitania.ingest.intake;

import java.util.Locale;

/** Where a mail is on its way; the same words stand in the CHECK of {@code emails.status}. */
enum EmailStatus {
    /** Kept; its thread is not known yet. */
    RECEIVED,
    /** Its thread and entities are decided; the graph is about to be written. */
    LINKED,
    /** In the graph, and told to the fleet. */
    STORED,
    /** Given up after repeated faults; a person has to look. */
    FAILED;

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static EmailStatus of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    boolean open() {
        return this == RECEIVED || this == LINKED;
    }
}
