package org.capitania.graph.node;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;

/** What callers name nodes by: an id or a slug. */
public final class Ref {
    private Ref() {}

    /** The id, when it is one. */
    public static Optional<UUID> uuid(String ref) {
        if (ref.length() != 36) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(ref));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The id that a query parameter has to be. */
    static UUID id(String name, String text) {
        return uuid(text)
                .orElseThrow(() -> new CapitaniaException(
                        ErrorCode.SCHEMA_VIOLATION,
                        name + " is " + text + "; expected an id",
                        List.of(new FieldError("/" + name, text, "an id", "not an id"))));
    }

    public static CapitaniaException notFound(String ref) {
        return new CapitaniaException(ErrorCode.NOT_FOUND, "there is no node " + ref);
    }
}
