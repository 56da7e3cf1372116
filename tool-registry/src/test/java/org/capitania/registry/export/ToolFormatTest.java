package org.capitania.registry.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.capitania.contract.Json;
import org.capitania.contract.api.ToolLoading;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.InputSchema;
import org.capitania.registry.catalogue.ToolDefinition;
import org.junit.jupiter.api.Test;

/** Each form against the shape that its reader documents. */
class ToolFormatTest {
    private static final Set<String> ALWAYS =
            Set.of("hq_search", "hq_describe", "hq_event_log", "hq_tools", "hq_task", "worker_run");

    private final Catalogue catalogue = Definitions.catalogue();

    @Test
    void shouldBeToolsOfAMessagesRequestWhenAskedForAnthropic() {
        JsonNode tools = all(ToolFormat.ANTHROPIC);
        assertShape(tools, """
                {"anyOf": [
                  {"type": "object", "required": ["name", "description", "input_schema"], "additionalProperties": false, "properties": {
                    "name": {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,128}$"},
                    "description": {"type": "string", "minLength": 1},
                    "strict": {"const": true},
                    "defer_loading": {"const": true},
                    "input_examples": {"type": "array", "minItems": 1, "items": {"type": "object"}},
                    "input_schema": {"type": "object", "required": ["type", "properties"], "properties": {"type": {"const": "object"}}}}},
                  {"type": "object", "required": ["type", "name"], "additionalProperties": false, "properties": {
                    "type": {"const": "tool_search_tool_bm25_20251119"}, "name": {"const": "tool_search_tool_bm25"}}}
                ]}""");
    }

    @Test
    void shouldCompileWhenAnthropicIsToldThatAToolIsStrict() {
        int strict = 0;
        int optional = 0;
        for (JsonNode tool : all(ToolFormat.ANTHROPIC)) {
            if (tool.path("strict").asBoolean()) {
                strict++;
                optional += Grammar.optionals(tool.path("input_schema"));
                String schema = tool.path("input_schema").toString();
                assertThat(schema)
                        .doesNotContain("\"minimum\"", "\"maximum\"", "\"minLength\"", "\"maxLength\"", "\"maxItems\"");
                assertClosed(tool.path("input_schema"));
            }
        }
        assertThat(strict).isBetween(1, 20);
        assertThat(optional).isLessThanOrEqualTo(24);
        // What leaves the company is the first to be strict.
        assertThat(named(all(ToolFormat.ANTHROPIC), "email_send").path("strict").asBoolean())
                .isTrue();
    }

    @Test
    void shouldDeferWhatIsRarelyUsedWhenThereAreMoreThanTwentyFive() {
        // Given
        List<ToolDefinition> many = new ArrayList<>(catalogue.all());
        Map<String, Set<String>> granted = Definitions.everything(catalogue);
        List<GrantedTool> tools = new ArrayList<>(GrantedTool.of(many, granted));
        while (tools.size() <= ToolLoading.ALL_LOADED) {
            tools.add(tools.getLast());
        }
        // When
        JsonNode searched = AnthropicTools.write(tools);
        // Then
        assertThat(searched).hasSize(tools.size() + 1);
        assertThat(searched.get(0).path("type").asText()).isEqualTo("tool_search_tool_bm25_20251119");
        assertThat(searched.get(0).has("defer_loading")).isFalse();
        for (JsonNode tool : searched) {
            boolean always = ALWAYS.contains(tool.path("name").asText()) || tool.has("type");
            assertThat(tool.path("defer_loading").asBoolean(false))
                    .as("%s", tool.path("name"))
                    .isEqualTo(!always);
            // A request with tool search and examples is refused.
            assertThat(tool.has("input_examples")).isFalse();
        }
        // But: twenty-five are simply loaded
        JsonNode few = AnthropicTools.write(tools.subList(0, ToolLoading.ALL_LOADED));
        assertThat(few).hasSize(ToolLoading.ALL_LOADED).noneMatch(tool -> tool.has("defer_loading"));
    }

    @Test
    void shouldBeFunctionsWhenAskedForOpenAi() {
        JsonNode tools = all(ToolFormat.OPENAI);
        assertShape(tools, """
                {"type": "object", "required": ["type", "function"], "additionalProperties": false, "properties": {
                  "type": {"const": "function"},
                  "function": {"type": "object", "required": ["name", "description", "parameters", "strict"], "additionalProperties": false, "properties": {
                    "name": {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,64}$"},
                    "description": {"type": "string", "minLength": 1, "maxLength": 1024},
                    "strict": {"type": "boolean"},
                    "parameters": {"type": "object", "required": ["type", "properties"], "properties": {"type": {"const": "object"}}}}}}}""");
        List<String> strict = new ArrayList<>();
        for (JsonNode tool : tools) {
            JsonNode function = tool.path("function");
            if (function.path("strict").asBoolean()) {
                strict.add(function.path("name").asText());
                assertThat(function.path("parameters").toString()).doesNotContain("\"minLength\"", "\"maxLength\"");
                assertClosed(function.path("parameters"));
                assertAllRequired(function.path("parameters"));
            } else {
                String name = function.path("name").asText();
                ObjectNode whole = catalogue.find(name).orElseThrow().inputSchema(Set.of("*"));
                assertThat(function.path("parameters")).isEqualTo(whole);
            }
        }
        assertThat(strict).contains("hq_describe").doesNotContain("hq_task");
    }

    @Test
    void shouldBeReadByLangChain4jWhenAskedForIt() {
        for (JsonNode tool : all(ToolFormat.LANGCHAIN4J)) {
            ToolSpecification read = ToolSpecification.fromJson(tool.toString());
            assertThat(read.name()).isEqualTo(tool.path("name").asText());
            assertThat(read.description()).isEqualTo(tool.path("description").asText());
            assertThat(read.parameters().properties().keySet())
                    .containsExactlyInAnyOrderElementsOf(names(tool.at("/parameters/properties")));
            assertThat(read.parameters().required())
                    .containsExactlyInAnyOrderElementsOf(texts(tool.at("/parameters/required")));
        }
    }

    @Test
    void shouldBeToolsOfTheProtocolWhenAskedForMcp() {
        assertShape(all(ToolFormat.MCP), """
                {"type": "object", "required": ["name", "title", "description", "inputSchema", "outputSchema", "annotations"],
                 "additionalProperties": false, "properties": {
                  "name": {"type": "string", "pattern": "^[A-Za-z0-9_.-]{1,128}$"},
                  "title": {"type": "string", "minLength": 1},
                  "description": {"type": "string", "minLength": 1},
                  "inputSchema": {"type": "object", "required": ["type"], "properties": {"type": {"const": "object"}}},
                  "outputSchema": {"type": "object", "required": ["type"], "properties": {"type": {"const": "object"}}},
                  "annotations": {"type": "object", "required": ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"],
                    "additionalProperties": false, "properties": {"title": {"type": "string"}, "readOnlyHint": {"type": "boolean"},
                      "destructiveHint": {"type": "boolean"}, "idempotentHint": {"type": "boolean"}, "openWorldHint": {"type": "boolean"}}},
                  "_meta": {"const": {"org.capitania/always-loaded": true}}}}""");
        for (JsonNode tool : all(ToolFormat.MCP)) {
            String name = tool.path("name").asText();
            assertThat(tool.has("_meta")).as(name).isEqualTo(ALWAYS.contains(name));
        }
    }

    @Test
    void shouldHintAtWhatWasGrantedWhenOnlyReadingWas() {
        JsonNode whole = mcp("hq_entity", Set.of("*"));
        assertThat(whole.path("readOnlyHint").asBoolean()).isFalse();
        assertThat(whole.path("destructiveHint").asBoolean()).isTrue();
        JsonNode reading = mcp("hq_entity", Set.of("find", "show"));
        assertThat(reading.path("readOnlyHint").asBoolean()).isTrue();
        assertThat(reading.path("destructiveHint").asBoolean()).isFalse();
        JsonNode sending = mcp("email_send", Set.of("*"));
        assertThat(sending.path("openWorldHint").asBoolean()).isTrue();
        assertThat(sending.path("destructiveHint").asBoolean()).isTrue();
    }

    @Test
    void shouldNarrowActionsWhenAnAgentMayNotUseAll() {
        for (ToolFormat format : ToolFormat.values()) {
            JsonNode tools = format.export(catalogue.all(), Map.of("hq_entity", Set.of("find", "show")))
                    .get("tools");
            assertThat(tools).hasSize(1);
            assertThat(tools.toString())
                    .contains("\"enum\":[\"find\",\"show\"]")
                    .doesNotContain("\"action\":\"create\"");
        }
    }

    private JsonNode mcp(String tool, Set<String> actions) {
        return ToolFormat.MCP
                .export(catalogue.all(), Map.of(tool, actions))
                .path("tools")
                .path(0)
                .path("annotations");
    }

    private JsonNode all(ToolFormat format) {
        return format.export(catalogue.all(), Definitions.everything(catalogue)).path("tools");
    }

    private static JsonNode named(JsonNode tools, String name) {
        return StreamSupport.stream(tools.spliterator(), false)
                .filter(t -> t.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void assertShape(JsonNode tools, String shape) {
        InputSchema schema = new InputSchema(Json.read(shape, JsonNode.class));
        assertThat(tools).isNotEmpty();
        for (JsonNode tool : tools) {
            assertThat(schema.check(tool)).as("%s", tool).isEmpty();
        }
    }

    private static void assertClosed(JsonNode schema) {
        objects(schema)
                .forEach(object -> assertThat(object.path("additionalProperties"))
                        .as("%s", object)
                        .isEqualTo(Json.MAPPER.getNodeFactory().booleanNode(false)));
    }

    private static void assertAllRequired(JsonNode schema) {
        objects(schema)
                .forEach(object -> assertThat(new HashSet<>(texts(object.path("required"))))
                        .isEqualTo(new HashSet<>(names(object.path("properties")))));
    }

    private static Stream<JsonNode> objects(JsonNode schema) {
        Stream<JsonNode> below = Stream.concat(
                        StreamSupport.stream(schema.path("properties").spliterator(), false),
                        schema.has("items") ? Stream.of(schema.path("items")) : Stream.empty())
                .flatMap(ToolFormatTest::objects);
        return schema.path("type").asText().equals("object") ? Stream.concat(Stream.of(schema), below) : below;
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
