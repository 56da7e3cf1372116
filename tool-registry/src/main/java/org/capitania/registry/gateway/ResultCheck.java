package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.FieldError;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Holds what a handler answers against the output schema of its tool: in tests, so that no schema is only a promise. */
@ApplicationScoped
class ResultCheck {
    private final boolean on;

    ResultCheck(@ConfigProperty(name = "hq.gateway.check-results", defaultValue = "false") boolean on) {
        this.on = on;
    }

    void require(Call call, Result result) {
        List<FieldError> errors = on ? call.tool().checkResult(result.data()) : List.of();
        if (!errors.isEmpty()) {
            throw new IllegalStateException(
                    call.tool().name() + " answered what its output schema does not allow: " + errors);
        }
    }
}
