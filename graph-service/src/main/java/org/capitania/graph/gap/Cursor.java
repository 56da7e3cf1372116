package org.capitania.graph.gap;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;

/** Where a page of gaps ended: worst first, then oldest, then by id. */
record Cursor(int rank, Instant since, UUID id) {
    private static final String SEPARATOR = "~";

    String text() {
        return rank + SEPARATOR + since + SEPARATOR + id;
    }

    static Cursor of(String text) {
        String[] parts = text.split(SEPARATOR, -1);
        try {
            if (parts.length == 3) {
                return new Cursor(Integer.parseInt(parts[0]), Instant.parse(parts[1]), UUID.fromString(parts[2]));
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            throw refused(text, e);
        }
        throw refused(text, null);
    }

    private static CapitaniaException refused(String text, @org.jspecify.annotations.Nullable Throwable cause) {
        String allowed = "the next of an earlier page";
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION,
                "/after is " + text + "; expected " + allowed,
                List.of(new FieldError("/after", text, allowed, "not a cursor")),
                null,
                cause);
    }
}
