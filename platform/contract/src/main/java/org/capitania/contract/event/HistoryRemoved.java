package org.capitania.contract.event;

import java.time.Instant;

/**
 * Closed history older than a company keeps it was removed ({@code nodes.history_removed}, subject: its kind); key: the tenant. One event a
 * transaction, and so several a removal. The change topics keep what they have.
 *
 * @param kind node or edge
 * @param rows how many rows of history
 * @param knownSince history before is no longer whole
 */
public record HistoryRemoved(String kind, int rows, int keepDays, Instant knownSince) {
    public static final String TYPE = "nodes.history_removed";
}
