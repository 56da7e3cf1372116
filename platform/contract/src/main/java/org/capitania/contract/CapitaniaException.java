package org.capitania.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one exception that carries a named failure; its message says what was wrong, what was expected and what to do. */
public final class CapitaniaException extends RuntimeException {
    private final ErrorCode code;
    private final List<FieldError> errors;
    private final @Nullable String hint;

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
        super(detail, cause);
        this.code = code;
        this.errors = List.copyOf(errors);
        this.hint = hint;
    }

    /** The same failure with a line that says what to do about it. */
    public CapitaniaException withHint(String text) {
        return new CapitaniaException(code, detail(), errors, text, getCause());
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

    public String detail() {
        String message = getMessage();
        return message == null ? code.code() : message;
    }
}
