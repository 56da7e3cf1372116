package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;

/** The arguments are exactly what the tool's file says, and can be kept as they were sent. */
@ApplicationScoped
class SchemaCheck implements Check {

    @Override
    public Optional<Refusal> check(Attempt a, Standing standing) {
        if (!a.storable()) {
            String why = a.arguments()
                    .path("not_kept")
                    .asText("they contain a character that is no text (NUL or half a surrogate pair)");
            return Optional.of(Refusal.of(
                    a.arguments().has("not_kept") ? ErrorCode.PAYLOAD_TOO_LARGE : ErrorCode.SCHEMA_VIOLATION,
                    "the arguments cannot be kept: " + why,
                    "send less, as plain text"));
        }
        List<FieldError> errors = a.known().check(a.arguments());
        if (errors.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                ErrorCode.SCHEMA_VIOLATION,
                "the arguments of " + a.tool() + " are wrong: "
                        + errors.getFirst().message(),
                "each entry of errors names a path, what stood there and what may",
                errors));
    }
}
