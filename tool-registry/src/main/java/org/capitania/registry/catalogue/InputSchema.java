package org.capitania.registry.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import java.util.List;
import java.util.Locale;
import org.capitania.contract.FieldError;
import org.jspecify.annotations.Nullable;

/** A compiled JSON Schema (2020-12); it names each violation by JSON pointer, with what stood there and what may. */
public final class InputSchema {
    /** The schema refers to itself without end. */
    public static final FieldError ENDLESS =
            new FieldError("/", null, null, "the arguments: their schema refers to itself without end");

    private static final int SHOWN = 200;
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            b -> b.schemaRegistryConfig(SchemaRegistryConfig.builder()
                    .formatAssertionsEnabled(true)
                    .locale(Locale.ENGLISH)
                    .pathType(PathType.JSON_POINTER)
                    .build()));

    private final Schema schema;

    public InputSchema(JsonNode schema) {
        this.schema = REGISTRY.getSchema(schema);
    }

    /** What is wrong with a value; empty when nothing is, {@link #ENDLESS} alone when that cannot be told. */
    public List<FieldError> check(JsonNode value) {
        try {
            return schema.validate(value).stream()
                    .map(InputSchema::toFieldError)
                    .toList();
        } catch (StackOverflowError e) {
            return List.of(ENDLESS);
        }
    }

    private static FieldError toFieldError(Error e) {
        String where = e.getInstanceLocation().toString();
        String property = e.getProperty();
        String path = property == null ? where : where + "/" + property;
        return new FieldError(
                path.isEmpty() ? "/" : path,
                found(e.getInstanceNode(), property),
                allowed(e),
                (path.isEmpty() ? "the arguments" : path) + ": " + cut(e.getMessage()));
    }

    private static @Nullable String found(@Nullable JsonNode instance, @Nullable String property) {
        JsonNode at = instance != null && property != null && instance.isObject() ? instance.get(property) : instance;
        if (at == null || at.isContainerNode()) {
            return at == null ? null : at.getNodeType().name().toLowerCase(Locale.ROOT);
        }
        return cut(at.asText());
    }

    private static @Nullable String allowed(Error e) {
        JsonNode rule = e.getSchemaNode();
        return rule == null ? e.getKeyword() : e.getKeyword() + " " + cut(rule.toString());
    }

    private static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
