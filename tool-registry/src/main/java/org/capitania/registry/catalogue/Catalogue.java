package org.capitania.registry.catalogue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/** Every tool there is, by name. A tool file that is wrong stops the start with its name and what is wrong. */
public final class Catalogue {
    private static final ObjectReader READER = Json.MAPPER
            .readerFor(ToolFile.class)
            .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .without(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Map<String, ToolDefinition> tools;

    private Catalogue(Map<String, ToolDefinition> tools) {
        this.tools = tools;
    }

    /** Loads every tool that {@code /tools/index.txt} names. */
    public static Catalogue load() {
        Map<String, ToolDefinition> tools = new TreeMap<>();
        for (String name : names()) {
            tools.put(name, read(name));
        }
        return new Catalogue(tools);
    }

    /** Stops the start when a tool that works has neither a handler nor a form that says all it does, or a handler has no such file. */
    public void require(Set<String> handled) {
        Set<String> works = new TreeSet<>();
        tools.values().stream()
                .filter(tool -> tool.available() && !tool.formed())
                .forEach(tool -> works.add(tool.name()));
        Set<String> without = new TreeSet<>(works);
        without.removeAll(handled);
        Set<String> unknown = new TreeSet<>(handled);
        unknown.removeAll(works);
        if (!without.isEmpty() || !unknown.isEmpty()) {
            throw new IllegalStateException("tools without a handler: " + without
                    + "; handlers without a file that is available, named in tools/index.txt: " + unknown);
        }
    }

    public Optional<ToolDefinition> find(String name) {
        return Optional.ofNullable(tools.get(name));
    }

    /** In alphabetical order. */
    public Collection<ToolDefinition> all() {
        return tools.values();
    }

    private static List<String> names() {
        return new String(bytes("index.txt"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static ToolDefinition read(String name) {
        try {
            return define(name, Json.MAPPER.readTree(bytes(name + ".json")));
        } catch (IOException e) {
            throw new IllegalStateException("tools/" + name + ".json: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(String file) {
        try (InputStream in = Catalogue.class.getResourceAsStream("/tools/" + file)) {
            if (in == null) {
                throw new IllegalStateException("tools/" + file + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("tools/" + file + ": " + e.getMessage(), e);
        }
    }

    /** One tool from its file's content. */
    static ToolDefinition define(String name, JsonNode content) throws IOException {
        ToolFile file = READER.readValue(content);
        ToolRules rules = new ToolRules(name);
        rules.file(file);
        ToolDefinition tool = new ToolDefinition(file, verbs(rules, file));
        tool.form().ifPresent(form -> rules.form(form, tool));
        if (file.prompt() != null) {
            rules.prompt(file.prompt(), tool);
        }
        rules.examples(file.examples(), tool);
        return tool;
    }

    private static Map<String, Verb> verbs(ToolRules rules, ToolFile file) {
        JsonNode actions = file.inputSchema().at("/properties/action/enum");
        Map<String, ToolFile.VerbFile> own = file.actions() == null ? Map.of() : file.actions();
        rules.expect(actions.size() == own.size(), "actions and the enum of /properties/action must list the same");
        Map<String, Verb> verbs = new LinkedHashMap<>();
        for (JsonNode action : actions) {
            ToolFile.VerbFile v = own.get(action.asText());
            rules.expect(v != null, "actions does not list " + action);
            if (v != null) {
                Verb verb = verb(action.asText(), file, v);
                rules.cli(v.cli());
                rules.action(verb.name(), v.description(), v.notYet(), verb.requires(), file.inputSchema());
                verbs.put(action.asText(), verb);
            }
        }
        return verbs;
    }

    private static Verb verb(String action, ToolFile file, ToolFile.VerbFile own) {
        return new Verb(
                action,
                own.description() == null ? "" : own.description(),
                or(own.scope(), file.scope()),
                or(own.risk(), file.risk()),
                or(own.idempotency(), file.idempotency()),
                own.requires() == null ? List.of() : own.requires(),
                Boolean.TRUE.equals(own.ownerOnly()),
                own.notYet() == null ? file.notYet() : own.notYet());
    }

    private static <T> T or(@Nullable T own, T inherited) {
        return own == null ? inherited : own;
    }
}
