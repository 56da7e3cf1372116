package org.capitania.contract.api;

import java.time.Instant;

/**
 * The right to execute exactly this revision, once.
 *
 * @param digest of what the person approved; a frozen call with another digest may not be executed
 */
public record Claim(String proposalId, int revision, String digest, String decidedBy, Instant decidedAt) {}
