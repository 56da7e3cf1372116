package org.capitania.approval.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /doubts}: what may or may not have happened. */
record DoubtsPage(List<Entry> entries) {

    /**
     * One.
     *
     * @param arguments what was asked for, to read
     */
    record Entry(
            String id,
            @Nullable String proposalId,
            String tool,
            String by,
            @Nullable String why,
            String arguments,
            Moment at) {}
}
