package org.capitania.graph.node;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.jspecify.annotations.Nullable;

/**
 * The two axes of time a question is asked on.
 *
 * @param asOf what we knew then; absent: what we know now
 * @param validAt what was true then; absent: at the time of {@code asOf}
 */
public record Moment(@Nullable Instant asOf, @Nullable Instant validAt) {

    /** The time things have to be true at; null for a question about now. */
    public @Nullable Instant at() {
        return validAt == null ? asOf : validAt;
    }

    public static Moment of(@Nullable String asOf, @Nullable String validAt) {
        return new Moment(time("as_of", asOf), time("valid_at", validAt));
    }

    public boolean isNow() {
        return asOf == null && validAt == null;
    }

    /** A time that came as a query parameter. */
    public static @Nullable Instant time(String name, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            // A + of an offset arrives as a space from those who forget to escape it.
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeParseException e) {
            String allowed = "a time such as 2026-11-21T08:30:00Z";
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    name + " is " + text + "; expected " + allowed,
                    List.of(new FieldError("/" + name, text, allowed, "not a time with its offset")));
        }
    }
}
