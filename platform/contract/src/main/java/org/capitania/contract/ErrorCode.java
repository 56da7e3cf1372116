package org.capitania.contract;

import java.util.Locale;
import java.util.Optional;

/** Every failure the fleet can name; the lower-case name is the {@code code} of a problem. */
public enum ErrorCode {
    BAD_REQUEST(ErrorType.INVALID, 400),
    SCHEMA_VIOLATION(ErrorType.INVALID),
    UNKNOWN_TYPE(ErrorType.INVALID),
    UNKNOWN_TOOL(ErrorType.NOT_FOUND),
    NOT_AN_EMAIL(ErrorType.INVALID),
    MESSAGE_TOO_LARGE(ErrorType.INVALID, 413),
    PAYLOAD_TOO_LARGE(ErrorType.INVALID, 413),
    PROPOSAL_REQUIRED(ErrorType.INVALID),
    NOT_FOUND(ErrorType.NOT_FOUND),
    HISTORY_REMOVED(ErrorType.NOT_FOUND, 410),
    UNKNOWN_PEER(ErrorType.NOT_FOUND),
    VERSION_CONFLICT(ErrorType.CONFLICT),
    DUPLICATE(ErrorType.CONFLICT),
    IDEMPOTENCY_MISMATCH(ErrorType.CONFLICT),
    ALREADY_DECIDED(ErrorType.CONFLICT),
    ALREADY_CLAIMED(ErrorType.CONFLICT),
    PROPOSAL_CHANGED(ErrorType.CONFLICT),
    PROPOSAL_STALE(ErrorType.CONFLICT),
    PROPOSAL_EXPIRED(ErrorType.CONFLICT),
    NOT_APPROVED(ErrorType.CONFLICT),
    CARDINALITY(ErrorType.CONFLICT),
    CYCLE(ErrorType.CONFLICT),
    FOCUS_CAP(ErrorType.CONFLICT),
    ILLEGAL_TRANSITION(ErrorType.CONFLICT),
    FENCED(ErrorType.CONFLICT),
    LEASE_LOST(ErrorType.CONFLICT),
    NESTED_ASK(ErrorType.CONFLICT),
    UNAUTHENTICATED(ErrorType.UNAUTHENTICATED),
    DENIED(ErrorType.DENIED),
    NOT_GRANTED(ErrorType.DENIED),
    AGENT_PAUSED(ErrorType.DENIED),
    PEER_PAUSED(ErrorType.DENIED),
    AUTONOMY_FROZEN(ErrorType.DENIED),
    CROSS_SCOPE_VIOLATION(ErrorType.DENIED),
    RECIPIENT_NOT_ALLOWED(ErrorType.DENIED),
    PLAIN_LANGUAGE(ErrorType.DENIED),
    BUDGET_EXHAUSTED(ErrorType.EXHAUSTED),
    RATE_LIMITED(ErrorType.EXHAUSTED),
    MAX_TURNS(ErrorType.EXHAUSTED),
    RUN_EXHAUSTED(ErrorType.EXHAUSTED),
    LOOP_STOPPED(ErrorType.EXHAUSTED),
    PEER_TIMEOUT(ErrorType.UNAVAILABLE, 504),
    PEER_UNAVAILABLE(ErrorType.UNAVAILABLE),
    /** It was asked for, and no answer came: whether it was done nobody here knows. */
    ANSWER_LOST(ErrorType.UNAVAILABLE, 504),
    PROVIDER_UNAVAILABLE(ErrorType.UNAVAILABLE, 502),
    PROVIDER_REJECTED(ErrorType.INVALID, 502),
    SAFETY_SERVICE_DOWN(ErrorType.UNAVAILABLE),
    NOT_CONFIGURED(ErrorType.INVALID),
    NOT_AVAILABLE_YET(ErrorType.INVALID, 501),
    EFFECT_IN_DOUBT(ErrorType.CONFLICT),
    INTERNAL(ErrorType.INTERNAL);

    private final ErrorType type;
    private final int httpStatus;

    ErrorCode(ErrorType type) {
        this(type, type.httpStatus());
    }

    ErrorCode(ErrorType type, int httpStatus) {
        this.type = type;
        this.httpStatus = httpStatus;
    }

    public ErrorType type() {
        return type;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** The name on the wire, for example {@code version_conflict}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<ErrorCode> fromCode(String code) {
        for (ErrorCode c : values()) {
            if (c.code().equals(code)) {
                return Optional.of(c);
            }
        }
        return Optional.empty();
    }
}
