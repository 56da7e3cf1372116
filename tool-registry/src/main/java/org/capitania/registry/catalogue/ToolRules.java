package org.capitania.registry.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.ToolsView.PromptWords;
import org.jspecify.annotations.Nullable;

/** What a tool file has to be: described, classed, and closed at every level, so that a model cannot send what nobody thought of. */
final class ToolRules {
    private static final int SENTENCES_MIN = 3;
    private static final int SENTENCES_MAX = 5;
    private static final int LONGEST_SENTENCE = 200;
    /** Each of these bounds a text. */
    private static final List<String> BOUNDS = List.of("maxLength", "enum", "const", "format", "pattern");

    private final String name;

    ToolRules(String name) {
        this.name = name;
    }

    /** What can be told without compiling it. */
    void file(ToolFile file) {
        expect(name.equals(file.name()), "its name is " + file.name());
        expect(name.matches("[a-z][a-z0-9_]{2,63}"), "a name is lower case with underscores");
        expect(
                file.scope() != null && file.risk() != null && file.idempotency() != null,
                "scope, risk and idempotency must be given");
        expect(
                file.inputSchema() != null && file.outputSchema() != null,
                "input_schema and output_schema must be given");
        int sentences = file.description() == null ? 0 : file.description().split("[.!?](\\s|$)").length;
        expect(
                sentences >= SENTENCES_MIN && sentences <= SENTENCES_MAX,
                "a description has three to five sentences, this one has " + sentences);
        notYet(file.notYet());
        cli(file.cli());
        expect(object(file.inputSchema()) && object(file.outputSchema()), "both schemas must be of type object");
        closed("/input_schema", file.inputSchema());
        if (file.peopleRead() != null) {
            file.peopleRead()
                    .forEach(argument -> expect(
                            typed(file.inputSchema().path("properties").path(argument), "string"),
                            "people_read names " + argument + ", which is no text"));
        }
        expect(
                shut(file.outputSchema())
                        && file.outputSchema().path("properties").isObject(),
                "/output_schema must name its properties and say additionalProperties: false");
    }

    /** One sentence of an action. */
    void action(
            String action,
            @Nullable String description,
            @Nullable String notYet,
            List<String> requires,
            JsonNode input) {
        expect(sentence(description), "action " + action + " must be described in one sentence");
        notYet(notYet);
        requires.forEach(argument -> expect(
                input.path("properties").has(argument),
                "action " + action + " requires " + argument + ", which is no property"));
    }

    void cli(@Nullable String said) {
        expect(said == null || said.equals("builtin"), "cli is builtin or not said");
    }

    void notYet(@Nullable String sentence) {
        expect(sentence == null || sentence(sentence), "not_yet must be one sentence that says with what it comes");
    }

    /** Every action that it names is one, and does it with arguments that there are. */
    void form(NodeForm form, ToolDefinition tool) {
        JsonNode arguments = tool.inputSchema().path("properties");
        Set<String> named = new LinkedHashSet<>(form.status());
        named.addAll(form.props().keySet());
        named.addAll(form.links().keySet());
        named.forEach(argument -> expect(arguments.has(argument), "node names " + argument + ", which is no property"));
        Set<String> works = tool.works().collect(Collectors.toCollection(LinkedHashSet::new));
        expect(works.containsAll(form.verbs().keySet()), "node.verbs must be actions that there are: " + works);
        List<Verb> verbs =
                tool.verbs().isEmpty() ? List.of(tool.verb(arguments.path("none"))) : List.copyOf(tool.verbs());
        for (Verb verb : verbs) {
            NodeForm.Op op = form.verbs().get(verb.name());
            boolean reads = op != null && (op.does() == NodeForm.Does.LIST || op.does() == NodeForm.Does.SHOW);
            expect(op == null || reads == verb.scope().readOnly(), "action " + verb.name() + " has another scope");
        }
    }

    /** What may be said at a prompt means something there is, and takes no word that means something already. */
    void prompt(PromptWords prompt, ToolDefinition tool) {
        JsonNode input = tool.inputSchema();
        Set<String> actions = new LinkedHashSet<>();
        tool.verbs().forEach(verb -> actions.add(verb.name()));
        prompt.actions().forEach((word, action) -> {
            expect(actions.contains(action), "prompt names the action " + action + ", which is none");
            expect(!actions.contains(word), "prompt gives another meaning to the action " + word);
        });
        prompt.options().values().forEach(argument -> argument(input, argument));
        prompt.defaults().forEach((argument, other) -> {
            argument(input, argument);
            argument(input, other);
        });
        prompt.notYet().values().forEach(this::notYet);
        prompt.words().forEach((action, argument) -> {
            expect(actions.contains(action), "prompt names the action " + action + ", which is none");
            argument(input, argument);
        });
        Set<String> options = new LinkedHashSet<>(prompt.options().keySet());
        options.addAll(prompt.notYet().keySet());
        options.forEach(option -> expect(
                !input.path("properties").has(option), "prompt gives another meaning to the argument " + option));
    }

    private void argument(JsonNode input, String path) {
        JsonNode at = input;
        for (String name : path.split("/")) {
            at = at.path("properties").path(name);
        }
        expect(at.isObject(), "prompt names the argument " + path + ", which is no property");
    }

    /** Every example passes, and there is one. */
    void examples(@Nullable List<JsonNode> examples, ToolDefinition tool) {
        expect(examples != null && !examples.isEmpty(), "it needs an example");
        if (examples != null) {
            for (JsonNode example : examples) {
                List<FieldError> errors = tool.check(example);
                expect(errors.isEmpty(), "the example " + example + " does not pass: " + errors);
            }
        }
    }

    void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("tools/" + name + ".json: " + otherwise);
        }
    }

    private void closed(String path, JsonNode schema) {
        if (schema.has("properties") || object(schema)) {
            expect(shut(schema), path + " must say additionalProperties: false");
            schema.path("properties")
                    .properties()
                    .forEach(p -> closed(path + "/properties/" + p.getKey(), p.getValue()));
        }
        if (typed(schema, "array")) {
            expect(schema.path("items").isObject(), path + " must say what its items are");
            expect(schema.has("maxItems"), path + " must say maxItems");
            closed(path + "/items", schema.path("items"));
        }
        if (typed(schema, "string")) {
            expect(BOUNDS.stream().anyMatch(schema::has), path + " must be bounded, by maxLength or one of " + BOUNDS);
        }
        for (String either : List.of("oneOf", "anyOf", "allOf")) {
            schema.path(either).forEach(each -> closed(path + "/" + either, each));
        }
    }

    private static boolean shut(JsonNode schema) {
        JsonNode additional = schema.path("additionalProperties");
        return additional.isBoolean() && !additional.asBoolean();
    }

    private static boolean object(JsonNode schema) {
        return typed(schema, "object");
    }

    private static boolean typed(JsonNode schema, String type) {
        JsonNode said = schema.path("type");
        return said.asText().equals(type)
                || StreamSupport.stream(said.spliterator(), false)
                        .anyMatch(each -> each.asText().equals(type));
    }

    private static boolean sentence(@Nullable String text) {
        return text != null
                && text.endsWith(".")
                && text.length() <= LONGEST_SENTENCE
                && !text.substring(0, text.length() - 1).contains(". ");
    }
}
