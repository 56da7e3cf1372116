package org.capitania.registry.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.registry.catalogue.Catalogue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the tools cost an agent in each request (33.4): the most it can be granted, all of it loaded, which is more than its loop shows a model
 * at once; and what stands in its context at spawn, where only what is never deferred is loaded.
 */
class TokenBudgetTest {
    private static final int AT_SPAWN = 22_000;

    private final Catalogue catalogue = Definitions.catalogue();

    @ParameterizedTest
    @CsvSource({"chief, 14000", "operator, 16500", "project, 6000"})
    void shouldStayWithinItsBudgetWhenAllItsToolsAreLoaded(String role, int budget) {
        JsonNode tools = ToolFormat.LANGCHAIN4J
                .export(catalogue.all(), Definitions.ceiling(catalogue, role))
                .path("tools");
        assertThat(tools).as(role).isNotEmpty();
        List<String> each = new ArrayList<>();
        tools.forEach(t -> each.add(t.path("name").asText() + " " + Tokens.of(t)));
        assertThat(Tokens.of(tools)).as("tokens of %s: %s", role, each).isLessThanOrEqualTo(budget);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chief", "operator"})
    void shouldStayWithinTheBudgetAtSpawn(String role) throws IOException {
        int tools = 0;
        for (JsonNode tool : ToolFormat.ANTHROPIC
                .export(catalogue.all(), Definitions.ceiling(catalogue, role))
                .path("tools")) {
            tools += tool.path("defer_loading").asBoolean(false) ? 0 : Tokens.of(tool);
        }
        int files = files(Path.of("../agent-" + role + "/workspace"))
                + files(Path.of("../platform/agent-runtime/workspace/_shared"));
        assertThat(tools).as(role).isPositive();
        assertThat(files).as(role).isPositive();
        assertThat(tools + files)
                .as("%s loads %s tokens of tools and %s of files", role, tools, files)
                .isLessThanOrEqualTo(AT_SPAWN);
    }

    /** The settings are for the harness. */
    private static boolean isTold(Path file) {
        return file.toString().endsWith(".md") && !file.endsWith("agent.md");
    }

    private static int files(Path directory) throws IOException {
        int sum = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(TokenBudgetTest::isTold).toList()) {
                sum += Tokens.of(Files.readString(file));
            }
        }
        return sum;
    }
}
