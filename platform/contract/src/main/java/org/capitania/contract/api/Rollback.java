package org.capitania.contract.api;

/**
 * One mutation to undo exactly ({@code POST /v1/rollbacks}): every row is what it was before, nodes it made are archived, edges it stated are withdrawn. All or nothing: 409
 * {@code version_conflict} when a row has changed since, 404 for a mutation that is not known.
 *
 * @param mutationId {@code audit_event_id} of its answer, {@code mutation_id} in history
 */
public record Rollback(String mutationId) {

    /**
     * What was put back.
     *
     * @param auditEventId the rollback, which is a mutation of its own
     */
    public record Result(int nodes, int edges, String auditEventId) {}
}
