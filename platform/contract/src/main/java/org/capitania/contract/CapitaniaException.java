package org.capitania.contract;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one exception that carries a named failure; its message says what was wrong, what was expected and what to do. */
public final class CapitaniaException extends RuntimeException {
    private final ErrorCode code;
    private final List<FieldError> errors;
    private final @Nullable String hint;
    private final @Nullable Duration retryAfter;

    public CapitaniaException(ErrorCode code, String detail) {
        this(code, detail, List.of(), null, null);
    }

    public CapitaniaException(ErrorCode code, String detail, List<FieldError> errors) {
        this(code, detail, errors, null, null);
    }

    public CapitaniaException(ErrorCode code, String detail, Throwable cause) {
        this(code, detail, List.of(), null, cause);
    }

    public CapitaniaException(
            ErrorCode code, String detail, List<FieldError> errors, @Nullable String hint, @Nullable Throwable cause) {
        this(code, detail, errors, hint, null, cause);
    }

    private CapitaniaException(
            ErrorCode code,
            String detail,
            List<FieldError> errors,
            @Nullable String hint,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(detail, cause);
        this.code = code;
        this.errors = List.copyOf(errors);
        this.hint = hint;
        this.retryAfter = retryAfter;
    }

    /** The same failure with a line that says what to do about it. */
    public CapitaniaException withHint(String text) {
        return new CapitaniaException(code, detail(), errors, text, retryAfter, getCause());
    }

    /** The same failure with the time after which it is worth trying again: the header {@code Retry-After} of an answer. */
    public CapitaniaException withRetryAfter(Duration pause) {
        return new CapitaniaException(code, detail(), errors, hint, pause, getCause());
    }

    public ErrorCode code() {
        return code;
    }

    public List<FieldError> errors() {
        return errors;
    }

    public @Nullable String hint() {
        return hint;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    public String detail() {
        String message = getMessage();
        return message == null ? code.code() : message;
    }
}
