package org.capitania.registry.catalogue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/** Every tool there is, by name. A tool file that is wrong stops the start with its name and what is wrong. */
public final class Catalogue {
    private static final int SENTENCES_MIN = 3;
    private static final int SENTENCES_MAX = 5;
    private static final ObjectReader READER = Json.MAPPER
            .readerFor(ToolFile.class)
            .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .without(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Map<String, ToolDefinition> tools;

    private Catalogue(Map<String, ToolDefinition> tools) {
        this.tools = tools;
    }

    /** Loads {@code /tools/<name>.json} for every name; the names are those of the handlers, so that no tool is without one. */
    public static Catalogue load(Collection<String> names) {
        Map<String, ToolDefinition> tools = new TreeMap<>();
        for (String name : names) {
            if (tools.put(name, read(name)) != null) {
                throw wrong(name, "two handlers answer for it");
            }
        }
        return new Catalogue(tools);
    }

    public Optional<ToolDefinition> find(String name) {
        return Optional.ofNullable(tools.get(name));
    }

    /** In alphabetical order. */
    public Collection<ToolDefinition> all() {
        return tools.values();
    }

    private static ToolDefinition read(String name) {
        try (InputStream in = Catalogue.class.getResourceAsStream("/tools/" + name + ".json")) {
            if (in == null) {
                throw wrong(name, "it has a handler but no file");
            }
            return define(name, READER.readValue(in));
        } catch (IOException e) {
            throw new IllegalStateException("tools/" + name + ".json: " + e.getMessage(), e);
        }
    }

    static ToolDefinition define(String name, ToolFile file) {
        expect(name, name.equals(file.name()), "its name is " + file.name());
        expect(name, name.matches("[a-z][a-z0-9_]{2,63}"), "a name is lower case with underscores");
        expect(
                name,
                file.scope() != null && file.risk() != null && file.idempotency() != null,
                "scope, risk and idempotency must be given");
        expect(
                name,
                file.inputSchema() != null && file.outputSchema() != null,
                "input_schema and output_schema must be given");
        int sentences = file.description().split("[.!?](\\s|$)").length;
        expect(
                name,
                sentences >= SENTENCES_MIN && sentences <= SENTENCES_MAX,
                "a description has three to five sentences, this one has " + sentences);
        strict(name, "/input_schema", file.inputSchema());
        ToolDefinition tool = new ToolDefinition(file, verbs(name, file));
        expect(name, file.examples() != null && !file.examples().isEmpty(), "it needs an example");
        for (JsonNode example : file.examples()) {
            List<FieldError> errors = tool.check(example);
            expect(name, errors.isEmpty(), "the example " + example + " does not pass: " + errors);
        }
        return tool;
    }

    private static Map<String, Verb> verbs(String name, ToolFile file) {
        JsonNode actions = file.inputSchema().at("/properties/action/enum");
        Map<String, ToolFile.VerbFile> own = file.actions() == null ? Map.of() : file.actions();
        expect(name, actions.size() == own.size(), "actions and the enum of /properties/action must list the same");
        Map<String, Verb> verbs = new LinkedHashMap<>();
        for (JsonNode action : actions) {
            ToolFile.VerbFile v = own.get(action.asText());
            expect(name, v != null, "actions does not list " + action);
            if (v != null) {
                verbs.put(action.asText(), verb(action.asText(), file, v));
            }
        }
        if (verbs.isEmpty()) {
            verbs.put(name, verb(name, file, new ToolFile.VerbFile(null, null, null, null, null)));
        }
        return verbs;
    }

    private static Verb verb(String action, ToolFile file, ToolFile.VerbFile own) {
        return new Verb(
                action,
                or(own.scope(), file.scope()),
                or(own.risk(), file.risk()),
                or(own.idempotency(), file.idempotency()),
                own.requires() == null ? List.of() : own.requires(),
                Boolean.TRUE.equals(own.ownerOnly()));
    }

    private static <T> T or(@Nullable T own, T inherited) {
        return own == null ? inherited : own;
    }

    private static void strict(String name, String path, JsonNode schema) {
        if (schema.path("properties").isObject()) {
            JsonNode additional = schema.path("additionalProperties");
            expect(
                    name,
                    additional.isBoolean() && !additional.asBoolean(),
                    path + " must say additionalProperties: false");
            schema.path("properties")
                    .properties()
                    .forEach(p -> strict(name, path + "/properties/" + p.getKey(), p.getValue()));
        }
        if (schema.path("items").isObject()) {
            strict(name, path + "/items", schema.path("items"));
        }
    }

    private static void expect(String name, boolean holds, String otherwise) {
        if (!holds) {
            throw wrong(name, otherwise);
        }
    }

    private static IllegalStateException wrong(String name, String what) {
        return new IllegalStateException("tools/" + name + ".json: " + what);
    }
}
