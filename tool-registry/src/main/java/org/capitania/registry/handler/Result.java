package org.capitania.registry.handler;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a handler answers.
 *
 * @param taintedBy what of it came from outside: the gateway writes it to the task's taint with the result
 * @param auditEventId the id of the write in the store it went to, when it was a write
 */
public record Result(
        JsonNode data, List<String> taintedBy, @Nullable String auditEventId) {

    public static Result of(Object data) {
        return new Result(data instanceof JsonNode tree ? tree : Json.tree(data), List.of(), null);
    }

    public Result taintedBy(List<String> sources) {
        return new Result(data, List.copyOf(sources), auditEventId);
    }

    public Result audited(@Nullable String id) {
        return new Result(data, taintedBy, id);
    }
}
