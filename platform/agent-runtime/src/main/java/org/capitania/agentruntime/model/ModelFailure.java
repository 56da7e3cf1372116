package org.capitania.agentruntime.model;

import java.time.Duration;
import java.util.Locale;
import org.capitania.contract.CapitaniaException;
import org.jspecify.annotations.Nullable;

/** A model call that came to nothing. */
public final class ModelFailure extends RuntimeException {
    /** What went wrong, and whether trying again can help. */
    public enum Kind {
        /** 401 or 403 of the provider: every further call would fail too. */
        SIGN_IN(false),
        /** 400, 404 and the like: this request will never pass. */
        BAD_REQUEST(false),
        /** 429. */
        RATE_LIMITED(true),
        /** 529 or 503. */
        OVERLOADED(true),
        /** Any other 5xx. */
        SERVER(true),
        /** No answer in time, or no connection. */
        TIMEOUT(true),
        /** An answer that ends in the middle. */
        CUT_OFF(true),
        /** An answer that began, and of which nothing came any more. */
        STALLED(true),
        /** tool-registry itself said no; {@link ModelFailure#refusal()} says why. */
        REFUSED(false);

        private final boolean retryable;

        Kind(boolean retryable) {
            this.retryable = retryable;
        }

        /** The name on the wire, for example {@code provider_rate_limited}. */
        public String code() {
            return "provider_" + name().toLowerCase(Locale.ROOT);
        }
    }

    private final Kind kind;
    private final @Nullable Duration retryAfter;
    private final @Nullable CapitaniaException refusal;

    public ModelFailure(Kind kind, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
        this.refusal = null;
    }

    /** tool-registry refused the call before it reached a provider, or is away. */
    public ModelFailure(CapitaniaException refusal) {
        super(refusal.detail(), refusal);
        this.kind = Kind.REFUSED;
        this.retryAfter = refusal.retryAfter();
        this.refusal = refusal;
    }

    public Kind kind() {
        return kind;
    }

    /** How long the provider, or tool-registry, asked to wait. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    public @Nullable CapitaniaException refusal() {
        return refusal;
    }

    public boolean retryable() {
        return kind.retryable;
    }
}
