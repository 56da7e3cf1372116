package org.capitania.graph.types;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.flyway.FlywayConfigurationCustomizer;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Hands the props that the type files tag personal to {@code R__seal_personal_props.sql}, which Flyway runs again when they have changed. */
@Singleton
class PersonalProps implements FlywayConfigurationCustomizer {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    @Override
    public void customize(FluentConfiguration configuration) {
        Map<String, String> placeholders = new HashMap<>(configuration.getPlaceholders());
        placeholders.put("personal_props", cases(TypeFiles.read()));
        configuration.placeholders(placeholders);
    }

    /** A branch of the function's CASE for each type that has any. */
    static String cases(Types types) {
        StringBuilder cases = new StringBuilder();
        types.nodes().forEach(type -> add(cases, "node", type.name(), type.schema()));
        types.edges().forEach(type -> add(cases, "edge", type.name(), type.schema()));
        return cases.toString().stripTrailing();
    }

    /** The props of a type that are tagged personal. */
    static List<String> of(JsonNode schema) {
        return schema.path("properties").properties().stream()
                .filter(prop -> prop.getValue().path("x-sensitivity").asText().equals("personal"))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static void add(StringBuilder cases, String kind, String name, JsonNode schema) {
        List<String> props = of(schema);
        if (!props.isEmpty()) {
            cases.append("        WHEN '%s %s' THEN ARRAY[%s]\n"
                    .formatted(
                            kind,
                            plain(name),
                            props.stream().map(prop -> "'" + plain(prop) + "'").collect(Collectors.joining(", "))));
        }
    }

    private static String plain(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalStateException("the types have the name " + name + "; expected " + NAME);
        }
        return name;
    }
}
