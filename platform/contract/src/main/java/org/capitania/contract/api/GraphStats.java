package org.capitania.contract.api;

/**
 * The size of a tenant's graph ({@code GET /v1/stats}).
 *
 * @param nodes those not archived
 * @param edges those that hold
 * @param outboxLag events committed and not yet published
 */
public record GraphStats(long nodes, long edges, long outboxLag) {}
