package org.capitania.contract.api;

/**
 * {@code POST /v1/proposals/{id}/claim}, by the gateway alone: takes an approved proposal for execution, once.
 *
 * @param claimKey the same key gets the same answer again; another key 409 {@code already_claimed}
 */
public record ClaimRequest(String claimKey) {}
