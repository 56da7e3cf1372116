package org.capitania.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.capitania.cli.CannedFleet.Result;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every action of the catalogue is a verb at the prompt (decision 17): grown from its file, or compiled in, and then its file says so. A new tool whose
 * words are taken fails here until it does.
 */
class CatalogueVerbsTest {
    private static final Path FILES = Path.of("../tool-registry/src/main/resources/tools");

    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    /** An action by the words that it has at a prompt, and whether its file says that they are compiled in. */
    record Action(String tool, List<String> words, boolean builtin) {}

    static Stream<Action> actions() throws IOException {
        List<Action> all = new ArrayList<>();
        for (String name : Files.readAllLines(FILES.resolve("index.txt"))) {
            if (name.isBlank()) {
                continue;
            }
            JsonNode tool = Json.MAPPER.readTree(Files.readString(FILES.resolve(name + ".json")));
            boolean whole = tool.has("cli");
            String plain = name.replaceFirst("^hq_", "");
            if (tool.path("actions").isEmpty()) {
                String[] words = plain.split("_", 2);
                all.add(new Action(
                        name, Stream.of(words).map(w -> w.replace('_', '-')).toList(), whole));
            }
            for (Map.Entry<String, JsonNode> action : tool.path("actions").properties()) {
                List<String> words =
                        List.of(plain.replace('_', '-'), action.getKey().replace('_', '-'));
                all.add(new Action(name, words, whole || action.getValue().has("cli")));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("actions")
    void shouldBeAVerbThatIsCompiledInOnlyWhereItsFileSaysSo(Action action) {
        Environment environment = new Environment(
                fleet.directory(),
                fleet.directory(),
                Map.of("HQ_HOME", fleet.home().directory().toString()),
                System.out,
                System.err,
                Environment.Terminal.NONE,
                java.time.Clock.systemUTC());
        Commands.ForCompletion words = new Commands.ForCompletion(environment);
        String noun = action.words().getFirst();
        String verb = action.words().size() > 1 ? action.words().get(1) : "";
        boolean compiled = words.beside(noun).containsKey(verb)
                || (!words.ofTheCatalogue(noun, "") && !words.ofTheCatalogue(noun, verb));

        assertThat(compiled).as("%s says \"cli\": \"builtin\"", action).isEqualTo(action.builtin());

        if (!compiled) {
            CannedTools.play(fleet);
            List<String> line = new ArrayList<>(action.words());
            line.add("--json");
            Result result = fleet.hq(line.toArray(String[]::new));
            assertThat(result.json().at("/error/code").asText("done"))
                    .as("%s %s", action, result.err())
                    .isIn("done", "schema_violation", "not_available_yet");
            assertThat(fleet.last().path()).isEqualTo("/v1/tools/" + action.tool() + "/calls");
        }
    }

    @Test
    void shouldSayWhichWordWasMeant() {
        CannedTools.play(fleet);
        assertThat(fleet.hq("propsal", "list").err()).contains("hq knows no propsal; did you mean proposal?");
        assertThat(fleet.hq("taks", "list").err()).contains("did you mean task?");
        assertThat(fleet.hq("frobnicate").err()).contains("knows no frobnicate").doesNotContain("mean");
        assertThat(fleet.hq("task", "lst").err()).contains("hq task has no lst; did you mean list?", "assign");
        assertThat(fleet.hq("email", "snd").err()).contains("hq email has no snd; did you mean send?", "thread-read");
        assertThat(fleet.hq("email").err()).contains("say what to do with hq email");
        Result option = fleet.hq("task", "list", "--ownr", "chief");
        assertThat(option.exitCode()).isEqualTo(1);
        assertThat(option.err()).contains("no option --ownr; did you mean --owner?");
    }

    @Test
    void shouldNameNounAndVerbWhateverBecomesOfIt() {
        CannedTools.play(fleet);
        assertThat(fleet.hq("task", "list", "--json").json().path("action").asText())
                .isEqualTo("task.list");
        assertThat(fleet.hq("task", "create", "--json").json().path("action").asText())
                .isEqualTo("task.create");
    }

    @Test
    void shouldOnlyWatchWhatLooks() {
        CannedTools.play(fleet);
        assertThat(fleet.hq("task", "create", "--title", "Call Rita", "-w").err())
                .contains("--watch only looks");
    }

    @Test
    void shouldHelpWithWhatItKnewWhenNothingAnswers() {
        CannedTools.play(fleet);
        assertThat(fleet.hq("task", "--help").out()).contains("assign");
        fleet.close();
        assertThat(fleet.hq("task", "--help").out()).contains("assign");
    }

    @Test
    void shouldListWhatAnAgentMayCallWithItsOwnActions() {
        CannedTools.play(fleet);
        fleet.answer("/v1/agents/chief/tools?format=mcp", """
                {"tools":[{"name":"hq_entity","description":"Finds companies.","inputSchema":{"properties":{"action":{"enum":["find","show"]}}}},
                          {"name":"drive__search","description":"A tool of another.","inputSchema":{}}]}""");
        Result listed = fleet.hq("tools", "list", "--agent", "chief");
        assertThat(listed.out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "TOOL SCOPE RISK ACTIONS WHAT IT DOES",
                        "hq_entity write direct find, show Finds companies.",
                        "drive__search A tool of another.");
        assertThat(fleet.hq("tools", "list", "--agent", "chief", "--json")
                        .json()
                        .at("/data/tools/0/actions"))
                .hasSize(2);
    }
}
