package org.capitania.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationOp;
import org.jspecify.annotations.Nullable;

/** The type files of graph-service, and what it checks of them at every write: props, statuses and transitions. */
public final class GraphTypeFiles {
    private static final Path TYPES = Path.of("../graph-service/src/main/resources/types");

    private GraphTypeFiles() {}

    public static Optional<JsonNode> node(String type) {
        return read("nodes", type);
    }

    public static Optional<JsonNode> edge(String type) {
        return read("edges", type);
    }

    public static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** The status a new node has. */
    static @Nullable String status(MutationOp.Create create) {
        return create.status() != null
                ? create.status()
                : node(create.type())
                        .map(type -> type.path("x-default-status").asText(null))
                        .orElse(null);
    }

    /** Refuses what graph-service would refuse. */
    static void check(String type, @Nullable ObjectNode props, @Nullable String status, @Nullable String before) {
        JsonNode schema = node(type)
                .orElseThrow(() -> new CapitaniaException(ErrorCode.UNKNOWN_TYPE, "there is no type " + type));
        List<FieldError> errors = new ArrayList<>();
        if (props != null) {
            props.fieldNames().forEachRemaining(name -> {
                if (!schema.path("properties").has(name)) {
                    errors.add(new FieldError("/props/" + name, name, "a prop of " + type, "unknown prop " + name));
                }
            });
        }
        List<String> statuses = texts(schema.path("x-statuses"));
        if (status != null && !statuses.contains(status)) {
            errors.add(new FieldError("/status", status, String.valueOf(statuses), "no status of " + type));
        }
        if (!errors.isEmpty()) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION, errors.getFirst().message(), errors);
        }
        JsonNode next = schema.path("x-transitions").path(String.valueOf(before));
        if (status != null
                && !status.equals(before)
                && next.isArray()
                && !texts(next).contains(status)) {
            throw new CapitaniaException(
                    ErrorCode.ILLEGAL_TRANSITION, "from " + before + " it goes to " + texts(next) + ", not " + status);
        }
    }

    private static Optional<JsonNode> read(String kind, String type) {
        Path file = TYPES.resolve(kind).resolve(type + ".json");
        try {
            return Files.exists(file) ? Optional.of(Json.MAPPER.readTree(Files.readString(file))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
