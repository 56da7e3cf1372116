package org.capitania.contract.api;

/**
 * An agent takes up a wake it was sent ({@code POST /v1/wakes/{id}/claim}); answered with the wake as it stands now, appended events included,
 * or with {@code fenced} when another run has the lease. The same instance may repeat it.
 */
public record WakeClaim(String runId, long fence, String instance) {}
