package org.capitania.registry.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogueTest {
    private static final Path TOOLS = Path.of("src/main/resources/tools");

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(TOOLS)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".json"))
                    .map(f -> f.replace(".json", ""))
                    .sorted()
                    .toList();
        }
    }

    private static ObjectNode file(String name) throws IOException {
        return (ObjectNode) Json.MAPPER.readTree(Files.readString(TOOLS.resolve(name + ".json")));
    }

    @Test
    void shouldLoadEveryFileWhenTheyAreSound() throws IOException {
        Catalogue catalogue = Catalogue.load();
        assertThat(catalogue.all())
                .as("tools/index.txt names every file")
                .extracting(ToolDefinition::name)
                .containsExactlyElementsOf(names());
    }

    @Test
    void shouldNameThePathWhenArgumentsAreWrong() {
        ToolDefinition search = Catalogue.load().find("hq_search").orElseThrow();
        JsonNode arguments = Json.read("{\"query\":\"x\",\"limit\":500,\"sudo\":true}", JsonNode.class);
        assertThat(search.check(arguments)).extracting(FieldError::path).containsExactlyInAnyOrder("/limit", "/sudo");
    }

    @Test
    void shouldAskForWhatTheActionNeedsWhenItIsMissing() {
        ToolDefinition task = Catalogue.load().find("hq_task").orElseThrow();
        List<FieldError> errors = task.check(Json.read("{\"action\":\"create\"}", JsonNode.class));
        assertThat(errors).extracting(FieldError::path).containsExactly("/title");
        assertThat(task.verb(Json.read("{\"action\":\"list\"}", JsonNode.class)).scope())
                .isEqualTo(ToolScope.READ);
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldRefuseAFileWhenSomethingOfItIsMissing(String name) throws IOException {
        for (String required :
                List.of("description", "scope", "risk", "idempotency", "input_schema", "output_schema", "examples")) {
            refused(name, tool -> tool.remove(required), required);
        }
        refused(name, tool -> tool.put("surprise", true), "surprise");
        refused(name, tool -> tool.putArray("people_read").add("surprise"), "people_read names surprise");
        refused(name, tool -> tool.put("description", "It does something."), "three to five sentences");
        refused(name, tool -> input(tool).remove("additionalProperties"), "additionalProperties");
        refused(
                name,
                tool -> ((ObjectNode) tool.path("output_schema")).remove("additionalProperties"),
                "additionalProperties");
        refused(name, tool -> tool.withArray("/examples").addObject().put("sudo", true), "does not pass");
        refused(name, tool -> tool.put("not_yet", "Later"), "one sentence");
        refused(name, tool -> tool.put("cli", "mine"), "cli is builtin");
        for (String action : file(name)
                .path("actions")
                .propertyStream()
                .map(Map.Entry::getKey)
                .toList()) {
            refused(name, tool -> tool.withObject("/actions/" + action).remove("description"), "described");
            refused(name, tool -> tool.withObject("/actions").remove(action), "must list the same");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"object\"}|additionalProperties",
                "{\"type\":\"object\",\"properties\":{}}|additionalProperties",
                "{\"type\":\"string\"}|bounded",
                "{\"type\":[\"string\",\"null\"]}|bounded",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}|maxItems",
                "{\"type\":\"array\",\"maxItems\":3}|items",
                "{\"type\":\"array\",\"maxItems\":3,\"items\":{\"type\":\"object\"}}|additionalProperties",
                "{\"anyOf\":[{\"type\":\"object\"}]}|additionalProperties"
            })
    void shouldRefuseAFileWhenAnArgumentIsOpen(String schema, String why) throws IOException {
        refused(
                "hq_search",
                tool -> tool.withObject("/input_schema/properties").set("more", Json.read(schema, JsonNode.class)),
                why);
    }

    @Test
    void shouldStopTheStartWhenAToolHasNoHandlerOrAHandlerNoTool() throws IOException {
        Catalogue catalogue = Catalogue.load();
        Set<String> handled = new TreeSet<>();
        catalogue.all().stream()
                .filter(tool -> tool.available() && !tool.formed())
                .forEach(tool -> handled.add(tool.name()));
        catalogue.require(handled);
        handled.add("hq_unheard_of");
        assertThatThrownBy(() -> catalogue.require(handled)).hasMessageContaining("hq_unheard_of");
        handled.remove("hq_unheard_of");
        assertThat(handled).as("what its form does not say").contains("hq_producer");
        handled.remove("hq_search");
        assertThatThrownBy(() -> catalogue.require(handled)).hasMessageContaining("hq_search");
    }

    @Test
    void shouldSayWithWhatAnActionComesWhenItIsNotThereYet() throws IOException {
        ObjectNode later = file("hq_proposal");
        later.withObject("/actions/show").put("not_yet", "It comes with the next part.");
        ToolDefinition proposal = Catalogue.define("hq_proposal", later);
        assertThat(proposal.verb(Json.read("{\"action\":\"show\"}", JsonNode.class))
                        .notYet())
                .contains("next part");
        assertThat(proposal.verb(Json.read("{\"action\":\"list\"}", JsonNode.class))
                        .notYet())
                .isNull();
        assertThat(proposal.available()).isTrue();
        later.put("not_yet", "It comes with the next part.");
        assertThat(Catalogue.define("hq_proposal", later).available()).isFalse();
    }

    @Test
    void shouldShowTheActionsThatAreThereWhenSomeAreNot() throws IOException {
        ObjectNode later = file("hq_proposal");
        later.withObject("/actions/show").put("not_yet", "It comes with the next part.");
        JsonNode proposal = Catalogue.define("hq_proposal", later).inputSchema(Set.of("list", "show"));
        assertThat(proposal.at("/properties/action/enum").toString()).isEqualTo("[\"list\"]");
        JsonNode playbook = Catalogue.load().find("hq_playbook").orElseThrow().inputSchema(Set.of("list", "show"));
        assertThat(playbook.at("/properties/action/enum").toString()).isEqualTo("[\"list\",\"show\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"actions\":{\"profile\":\"look\"}}|the action look, which is none",
                "{\"actions\":{\"list\":\"show\"}}|another meaning to the action list",
                "{\"options\":{\"owner\":\"colour\"}}|the argument colour, which is no property",
                "{\"options\":{\"owner\":\"title/colour\"}}|the argument title/colour, which is no property",
                "{\"options\":{\"title\":\"driver\"}}|another meaning to the argument title",
                "{\"defaults\":{\"title\":\"subject\"}}|the argument subject, which is no property",
                "{\"not_yet\":{\"impact\":\"Later\"}}|one sentence",
                "{\"words\":{\"fly\":\"ref\"}}|fly",
                "{\"words\":{\"list\":\"nose\"}}|nose",
                "{\"surprise\":{}}|surprise"
            })
    void shouldRefuseAFileWhenTheWordsOfAPromptMeanNothing(String prompt, String why) throws IOException {
        refused("hq_task", tool -> tool.set("prompt", Json.read(prompt, JsonNode.class)), why);
    }

    private static ObjectNode input(ObjectNode tool) {
        return (ObjectNode) tool.path("input_schema");
    }

    private static void refused(String name, Consumer<ObjectNode> spoil, String why) throws IOException {
        ObjectNode spoilt = file(name);
        spoil.accept(spoilt);
        assertThatThrownBy(() -> Catalogue.define(name, spoilt))
                .as("%s without %s", name, why)
                .hasMessageContaining(why.equals("examples") ? "example" : why);
    }
}
