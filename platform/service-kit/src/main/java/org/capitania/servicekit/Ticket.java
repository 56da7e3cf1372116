package org.capitania.servicekit;

import java.time.Instant;

/**
 * A token made for one use, such as the console's sign-in link; never a bearer token.
 *
 * @param id its {@code jti}: whoever accepts it remembers that it was used
 */
public record Ticket(Caller caller, String id, Instant expiresAt) {}
