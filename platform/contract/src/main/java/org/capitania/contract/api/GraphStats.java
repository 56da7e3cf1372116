package org.capitania.contract.api;

import java.util.List;

/**
 * The size of a tenant's graph ({@code GET /v1/stats}).
 *
 * @param nodes those not archived
 * @param edges those that hold
 * @param outboxLag events committed and not yet published
 */
public record GraphStats(long nodes, long edges, long outboxLag) {

    /** How many nodes a producer has brought within a day and within seven, archived ones too. */
    public record Throughput(String producerId, long day, long week) {}

    /** Of every producer that brought something within seven days ({@code GET /v1/stats/producers}). */
    public record Throughputs(List<Throughput> items) {}
}
