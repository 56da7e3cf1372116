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
import java.util.stream.Stream;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/tools"))) {
            return files.map(f -> f.getFileName().toString().replace(".json", ""))
                    .sorted()
                    .toList();
        }
    }

    private static ToolFile file(String name) throws IOException {
        return Json.read(Files.readString(Path.of("src/main/resources/tools", name + ".json")), ToolFile.class);
    }

    @Test
    void shouldLoadEveryFileWhenTheyAreSound() throws IOException {
        Catalogue catalogue = Catalogue.load(names());
        assertThat(catalogue.all()).extracting(ToolDefinition::name).containsExactlyElementsOf(names());
    }

    @Test
    void shouldNameThePathWhenArgumentsAreWrong() throws IOException {
        ToolDefinition search = Catalogue.load(names()).find("hq_search").orElseThrow();
        JsonNode arguments = Json.read("{\"query\":\"x\",\"limit\":500,\"sudo\":true}", JsonNode.class);
        assertThat(search.check(arguments)).extracting(FieldError::path).containsExactlyInAnyOrder("/limit", "/sudo");
    }

    @Test
    void shouldAskForWhatTheActionNeedsWhenItIsMissing() throws IOException {
        ToolDefinition task = Catalogue.load(names()).find("hq_task").orElseThrow();
        List<FieldError> errors = task.check(Json.read("{\"action\":\"create\"}", JsonNode.class));
        assertThat(errors).extracting(FieldError::path).containsExactly("/title");
        assertThat(task.verb(Json.read("{\"action\":\"list\"}", JsonNode.class)).scope())
                .isEqualTo(ToolScope.READ);
    }

    @Test
    void shouldRefuseAFileWhenItsSchemaIsOpen() throws IOException {
        ToolFile sound = file("hq_search");
        ObjectNode open = sound.inputSchema().deepCopy();
        open.remove("additionalProperties");
        ToolFile wrong = new ToolFile(
                sound.name(),
                sound.description(),
                sound.scope(),
                sound.risk(),
                sound.idempotency(),
                null,
                open,
                sound.outputSchema(),
                sound.examples());
        assertThatThrownBy(() -> Catalogue.define("hq_search", wrong)).hasMessageContaining("additionalProperties");
    }

    @Test
    void shouldRefuseAFileWhenItHasNoRiskClass() throws IOException {
        for (String name : names()) {
            ToolFile sound = file(name);
            ToolFile wrong = new ToolFile(
                    sound.name(),
                    sound.description(),
                    sound.scope(),
                    null,
                    sound.idempotency(),
                    sound.actions(),
                    sound.inputSchema(),
                    sound.outputSchema(),
                    sound.examples());
            assertThatThrownBy(() -> Catalogue.define(name, wrong)).hasMessageContaining("risk");
        }
    }

    @Test
    void shouldNarrowActionsWhenAnAgentMayNotUseAll() throws IOException {
        Catalogue catalogue = Catalogue.load(names());
        for (ToolFormat format : ToolFormat.values()) {
            JsonNode tools = format.export(catalogue, Map.of("hq_entity", Set.of("find", "show")))
                    .get("tools");
            assertThat(tools).hasSize(1);
            assertThat(tools.toString())
                    .contains("\"enum\":[\"find\",\"show\"]")
                    .doesNotContain("\"action\":\"create\"");
        }
    }
}
