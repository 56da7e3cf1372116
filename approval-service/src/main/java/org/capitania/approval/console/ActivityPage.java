package org.capitania.approval.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /activity}: the steps proposals took, newest first. */
record ActivityPage(List<Entry> entries) {

    /** One step. */
    record Entry(
            String proposalId,
            String summary,
            String status,
            String word,
            String by,
            Moment at,
            @Nullable String reason) {}
}
