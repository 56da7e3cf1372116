package org.capitania.contract.api;

import java.time.Instant;

/**
 * The row the ledger has of a token.
 *
 * @param issuedBy the person who had it made
 */
public record TokenIssued(
        String jti, String principal, String audience, String issuedBy, Instant expiresAt, String auditEventId) {}
