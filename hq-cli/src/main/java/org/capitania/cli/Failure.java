package org.capitania.cli;

import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorType;
import org.capitania.contract.FieldError;
import org.jspecify.annotations.Nullable;

/** Why a verb did not do what it was asked: what stderr and the envelope say, and the exit code. */
public final class Failure extends RuntimeException {
    public static final int CALLER = ErrorType.INVALID.exitCode();
    public static final int SYSTEM = ErrorType.INTERNAL.exitCode();
    public static final int NOT_FOUND = ErrorType.NOT_FOUND.exitCode();

    private final String code;
    private final int exitCode;
    private final @Nullable String hint;
    private final List<FieldError> errors;

    public Failure(String code, int exitCode, String message, @Nullable String hint, List<FieldError> errors) {
        super(message);
        this.code = code;
        this.exitCode = exitCode;
        this.hint = hint;
        this.errors = List.copyOf(errors);
    }

    /** The caller asked for something that cannot be. */
    public static Failure caller(String code, String message) {
        return new Failure(code, CALLER, message, null, List.of());
    }

    /** This machine or the fleet does not let it happen. */
    public static Failure system(String code, String message) {
        return new Failure(code, SYSTEM, message, null, List.of());
    }

    public static Failure notFound(String message) {
        return new Failure("not_found", NOT_FOUND, message, null, List.of());
    }

    public static Failure of(CapitaniaException e) {
        return new Failure(e.code().code(), e.code().type().exitCode(), e.detail(), e.hint(), e.errors());
    }

    /** The same failure with a line that says what to do about it. */
    public Failure withHint(String text) {
        Failure copy = new Failure(code, exitCode, message(), text, errors);
        copy.initCause(this);
        return copy;
    }

    public String code() {
        return code;
    }

    public int exitCode() {
        return exitCode;
    }

    public String message() {
        String message = getMessage();
        return message == null ? code : message;
    }

    public @Nullable String hint() {
        return hint;
    }

    public List<FieldError> errors() {
        return errors;
    }
}
