package org.capitania.graph.timer;

import java.time.Instant;
import java.util.UUID;

/** A due time of a node. */
record Timer(Kind kind, UUID node, Instant dueAt) {

    /** What happens when it fires. */
    enum Kind {
        INTERACTION_OVERDUE("interaction.overdue"),
        OBLIGATION_DUE("obligation.due"),
        OBLIGATION_NEXT("obligation.next");

        final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        static Kind of(String name) {
            for (Kind kind : values()) {
                if (kind.wireName.equals(name)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("there is no timer " + name);
        }
    }
}
