package org.capitania.contract.api;

import java.time.Instant;

/**
 * A token that a person had made for somebody ({@code POST /v1/token-issues}, by the owner's own tool before it signs); never the token itself.
 *
 * @param jti the token's id; noting the same one twice is harmless
 * @param principal whom it speaks for
 */
public record TokenIssue(String jti, String principal, String audience, Instant expiresAt) {}
