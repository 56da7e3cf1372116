package org.capitania.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of an error answer (RFC 9457, {@code application/problem+json}). */
public record Problem(
        String type,
        String title,
        int status,
        String code,
        String detail,
        @Nullable String hint,
        @Nullable List<FieldError> errors,
        @Nullable String traceId) {

    public static Problem of(CapitaniaException e, @Nullable String traceId) {
        return new Problem(
                "https://capitania.org/problems/" + e.code().code(),
                e.code().code().replace('_', ' '),
                e.code().httpStatus(),
                e.code().code(),
                e.detail(),
                e.hint(),
                e.errors().isEmpty() ? null : e.errors(),
                traceId);
    }

    /** The failure a peer's answer tells of; an unknown code becomes {@code internal}. */
    public CapitaniaException toException() {
        return new CapitaniaException(
                ErrorCode.fromCode(code).orElse(ErrorCode.INTERNAL),
                detail,
                errors == null ? List.of() : errors,
                hint,
                null);
    }
}
