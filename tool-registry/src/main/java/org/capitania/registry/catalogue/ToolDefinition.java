package org.capitania.registry.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.ToolsView.ToolView;

/** One tool of the catalogue, checked and ready to be published and called. */
public final class ToolDefinition {
    private final ToolFile file;
    private final Map<String, Verb> verbs;
    private final InputSchema input;
    private final InputSchema output;

    ToolDefinition(ToolFile file, Map<String, Verb> verbs) {
        this(file, verbs, file.inputSchema());
    }

    /** One whose arguments are held to more than a model is shown. */
    ToolDefinition(ToolFile file, Map<String, Verb> verbs, JsonNode held) {
        this.file = file;
        this.verbs = Collections.unmodifiableMap(new LinkedHashMap<>(verbs));
        this.input = new InputSchema(held);
        this.output = new InputSchema(file.outputSchema());
    }

    /** The same with other arguments. */
    public ToolDefinition withInput(ObjectNode schema) {
        return new ToolDefinition(file.withInput(schema), verbs);
    }

    public String name() {
        return file.name();
    }

    public String description() {
        return file.description();
    }

    /** The description's first sentence. */
    public String summary() {
        int end = file.description().indexOf(". ");
        return end < 0 ? file.description() : file.description().substring(0, end + 1);
    }

    public ToolScope scope() {
        return file.scope();
    }

    public List<JsonNode> examples() {
        return file.examples();
    }

    public ObjectNode inputSchema() {
        return file.inputSchema().deepCopy();
    }

    /** The input schema with {@code action} narrowed to the granted ones, and of these to what is there if any is; {@code *} grants all. */
    public ObjectNode inputSchema(Set<String> actions) {
        ObjectNode schema = inputSchema();
        if (schema.at("/properties/action/enum") instanceof ArrayNode values) {
            List<JsonNode> granted = new ArrayList<>();
            values.forEach(value -> {
                if (actions.contains("*") || actions.contains(value.asText())) {
                    granted.add(value);
                }
            });
            List<JsonNode> there = granted.stream()
                    .filter(value -> {
                        Verb verb = verbs.get(value.asText());
                        return verb != null && verb.notYet() == null;
                    })
                    .toList();
            values.removeAll().addAll(there.isEmpty() ? granted : there);
        }
        return schema;
    }

    /** The action that arguments name; the tool's only one where it has none. Arguments must have passed {@link #check}. */
    public Verb verb(JsonNode arguments) {
        Verb named = verbs.get(arguments.path("action").asText(""));
        return named != null ? named : fallback();
    }

    private Verb fallback() {
        return new Verb(
                name(), summary(), file.scope(), file.risk(), file.idempotency(), List.of(), false, file.notYet());
    }

    /** What is wrong with arguments: by the schema, then by what their action requires. */
    public List<FieldError> check(JsonNode arguments) {
        List<FieldError> errors = new ArrayList<>(input.check(arguments));
        if (errors.isEmpty()) {
            for (String name : verb(arguments).requires()) {
                if (!arguments.hasNonNull(name)) {
                    String action = verb(arguments).name();
                    errors.add(new FieldError(
                            "/" + name,
                            null,
                            "required for action " + action,
                            "/" + name + ": action " + action + " needs it"));
                }
            }
        }
        return errors;
    }

    /** What is wrong with a result, by the output schema. */
    public List<FieldError> checkResult(JsonNode result) {
        return output.check(result);
    }

    /** How its arguments become nodes, for a tool without a class of its own. */
    public Optional<NodeForm> form() {
        return Optional.ofNullable(file.node());
    }

    /** The arguments that a person reads. */
    public List<String> peopleRead() {
        List<String> names = file.peopleRead();
        return names == null ? List.of() : names;
    }

    /** Whether its form says all that it does. */
    public boolean formed() {
        return form().filter(form -> works().allMatch(form.verbs()::containsKey))
                .isPresent();
    }

    /** The names of its actions that there are; its own where it has none. */
    Stream<String> works() {
        Stream<Verb> all = verbs.isEmpty() ? Stream.of(fallback()) : verbs.values().stream();
        return all.filter(verb -> verb.notYet() == null).map(Verb::name);
    }

    /** Whether any of it works now. */
    public boolean available() {
        return file.notYet() == null;
    }

    /** Its actions in the file's order; none for a tool that has no actions. */
    public Collection<Verb> verbs() {
        return verbs.values();
    }

    public ToolView view() {
        return new ToolView(
                file.name(),
                file.description(),
                file.inputSchema(),
                file.outputSchema(),
                file.scope().name().toLowerCase(Locale.ROOT),
                file.risk().wire(),
                file.idempotency().wire(),
                file.notYet(),
                verbs().stream().map(Verb::view).toList(),
                Json.tree(file.examples()),
                file.prompt());
    }
}
