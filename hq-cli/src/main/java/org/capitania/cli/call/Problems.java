package org.capitania.cli.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.capitania.cli.Failure;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;

/** What an error answer means at the prompt: its code, its words, and whose fault it is. */
final class Problems {
    private Problems() {}

    static Failure failure(Service service, int status, JsonNode body) {
        String code = body.path("code").asText("");
        if (code.isEmpty()) {
            return new Failure(
                    "http_" + status,
                    exitCode(status),
                    service.wireName() + " answered " + status,
                    "hq logs " + service.wireName(),
                    List.of());
        }
        return new Failure(
                code,
                ErrorCode.fromCode(code).map(known -> known.type().exitCode()).orElseGet(() -> exitCode(status)),
                body.path("detail").asText(code.replace('_', ' ')),
                text(body.path("hint")),
                body.path("errors").isArray()
                        ? List.of(Json.convert(body.path("errors"), FieldError[].class))
                        : List.of());
    }

    private static int exitCode(int status) {
        return status == 404 ? Failure.NOT_FOUND : status >= 500 ? Failure.SYSTEM : Failure.CALLER;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }
}
