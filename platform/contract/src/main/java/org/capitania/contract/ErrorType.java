package org.capitania.contract;

/** The kind of a failure; it alone decides the HTTP status, the CLI exit code and whether a retry can help. */
public enum ErrorType {
    /** The caller sent something wrong. */
    INVALID(422, 1, false),
    /** What was named does not exist for this tenant. */
    NOT_FOUND(404, 3, false),
    /** The state has moved on; read again, then decide. */
    CONFLICT(409, 1, false),
    /** Not this principal. */
    DENIED(403, 1, false),
    /** No valid token came with the request. */
    UNAUTHENTICATED(401, 1, false),
    /** A cap or a size limit is reached. */
    EXHAUSTED(429, 1, false),
    /** A peer or a resource does not answer now. */
    UNAVAILABLE(503, 2, true),
    /** A fault of ours. */
    INTERNAL(500, 2, true);

    private final int httpStatus;
    private final int exitCode;
    private final boolean retryable;

    ErrorType(int httpStatus, int exitCode, boolean retryable) {
        this.httpStatus = httpStatus;
        this.exitCode = exitCode;
        this.retryable = retryable;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public int exitCode() {
        return exitCode;
    }

    public boolean retryable() {
        return retryable;
    }
}
