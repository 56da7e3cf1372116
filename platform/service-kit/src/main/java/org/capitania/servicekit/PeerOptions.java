package org.capitania.servicekit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one call of a peer departs from the ordinary.
 *
 * @param idempotencyKey makes a repeated call return the first answer
 * @param timeout how long the peer may take; 10 s by default
 * @param signAs another principal whose key this process holds
 * @param onBehalfOf the actor to record; only tool-registry and approval-service may
 */
public record PeerOptions(
        @Nullable String idempotencyKey,
        Duration timeout,
        @Nullable String signAs,
        @Nullable String onBehalfOf) {
    public static final PeerOptions DEFAULT = new PeerOptions(null, Duration.ofSeconds(10), null, null);

    public static PeerOptions idempotent(String key) {
        return DEFAULT.withIdempotencyKey(key);
    }

    public PeerOptions withIdempotencyKey(@Nullable String key) {
        return new PeerOptions(key, timeout, signAs, onBehalfOf);
    }

    public PeerOptions withTimeout(Duration other) {
        return new PeerOptions(idempotencyKey, other, signAs, onBehalfOf);
    }

    public PeerOptions signedAs(String principal) {
        return new PeerOptions(idempotencyKey, timeout, principal, onBehalfOf);
    }

    public PeerOptions onBehalfOf(@Nullable String actor) {
        return new PeerOptions(idempotencyKey, timeout, signAs, actor);
    }
}
