package org.capitania.registry.gateway;

import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.ToolResult.ToolError;
import org.jspecify.annotations.Nullable;

/**
 * Why a call may not be made.
 *
 * @param hint what to do instead, or whom to ask
 */
record Refusal(ErrorCode code, String message, @Nullable String hint, List<FieldError> errors) {

    static Refusal of(ErrorCode code, String message, String hint) {
        return new Refusal(code, message, hint, List.of());
    }

    static ToolError error(CapitaniaException e) {
        return new ToolError(e.code().code(), e.detail(), e.hint(), e.errors());
    }

    ToolError error() {
        return new ToolError(code.code(), message, hint, errors);
    }
}
