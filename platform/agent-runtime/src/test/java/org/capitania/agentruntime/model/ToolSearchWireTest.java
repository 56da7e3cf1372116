package org.capitania.agentruntime.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.capitania.agentruntime.model.ModelRequest.Purpose;
import org.capitania.agentruntime.transcript.Limits;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.Step;
import org.capitania.agentruntime.transcript.ToolDefinition;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;

/** What goes over the wire of a session with more tools than a model is shown at once, and what is left of a search in the turns after it. */
class ToolSearchWireTest extends ProviderStub {
    private static final JsonNode SCHEMA = Json.read("""
            {"type":"object","properties":{"id":{"type":"string"}},"required":["id"],"additionalProperties":false}""", JsonNode.class);
    static final String SEARCHED = """
            {"id":"msg_03","type":"message","role":"assistant","model":"claude-sonnet-4-6",
             "content":[{"type":"text","text":"I look for a way to write files.","citations":null},
                        {"type":"server_tool_use","id":"srvtoolu_1","name":"tool_search_tool_bm25","input":{"query":"write file"}},
                        {"type":"tool_search_tool_result","tool_use_id":"srvtoolu_1","content":{
                          "type":"tool_search_tool_search_result","tool_references":[{"type":"tool_reference","tool_name":"tool_7"}]}},
                        {"type":"text","text":""},
                        {"type":"tool_use","id":"toolu_07","name":"tool_7","input":{"id":"x"}}],
             "stop_reason":"tool_use","usage":{"input_tokens":10,"output_tokens":20}}""";
    private static final String CUT = """
            {"id":"msg_04","type":"message","role":"assistant","model":"claude-sonnet-4-6",
             "content":[{"type":"text","text":"I look"},
                        {"type":"server_tool_use","id":"srvtoolu_2","name":"tool_search_tool_bm25","input":{}}],
             "stop_reason":"max_tokens","usage":{"input_tokens":10,"output_tokens":8192}}""";

    private static final String PAUSED = """
            {"id":"msg_05","type":"message","role":"assistant","model":"claude-sonnet-4-6",
             "content":[{"type":"text","text":"I look for it. <task-complete reason=\\"not yet\\"/>"},
                        {"type":"server_tool_use","id":"srvtoolu_3","name":"tool_search_tool_bm25","input":{"query":"write file"}}],
             "stop_reason":"pause_turn","usage":{"input_tokens":10,"output_tokens":20}}""";
    private static final String WENT_ON = """
            {"id":"msg_06","type":"message","role":"assistant","model":"claude-sonnet-4-6",
             "content":[{"type":"tool_search_tool_result","tool_use_id":"srvtoolu_3","content":{
                          "type":"tool_search_tool_search_result","tool_references":[{"type":"tool_reference","tool_name":"tool_7"}]}},
                        {"type":"tool_use","id":"toolu_08","name":"tool_7","input":{"id":"x"}}],
             "stop_reason":"tool_use","usage":{"input_tokens":10,"output_tokens":20}}""";

    @Test
    void shouldDeferAndHaveTheProviderSearchWhenThereAreManyTools() {
        answer(ANTHROPIC, json(200, SEARCHED));

        providers().anthropic().reply(turn(tools(26)));

        JsonNode sent = sent(ANTHROPIC).path("tools");
        assertThat(sent.get(0).toString())
                .isEqualTo("{\"name\":\"tool_search_tool_bm25\",\"type\":\"tool_search_tool_bm25_20251119\"}");
        List<String> loaded = new ArrayList<>();
        for (JsonNode tool : sent) {
            if (tool.path("defer_loading").asBoolean(false)) {
                assertThat(tool.has("cache_control"))
                        .as("a deferred tool with a mark of the cache is refused: %s", tool)
                        .isFalse();
                assertThat(tool.at("/input_schema/required/0").asText()).isEqualTo("id");
            } else {
                loaded.add(tool.path("name").asText());
            }
        }
        assertThat(loaded).containsExactly("tool_search_tool_bm25", "hq_search", "hq_tools");
        assertThat(sent).hasSize(27);
        assertThat(sent.get(26).path("cache_control").path("type").asText()).isEqualTo("ephemeral");
    }

    @Test
    void shouldSendThemAllWhenThereAreFewTools() {
        answer(ANTHROPIC, json(200, ANTHROPIC_TOOL_USE));
        answer(OPENAI, json(200, OPENAI_TOOL_CALL));

        providers().anthropic().reply(turn(tools(25)));
        providers().openai().reply(turn(tools(25)));

        assertThat(sent(ANTHROPIC).path("tools")).hasSize(25).noneMatch(tool -> tool.has("defer_loading"));
        assertThat(sent(OPENAI).path("tools")).hasSize(25);
    }

    @Test
    void shouldSendTheSameWhenItHasWrittenTheseToolsBefore() {
        answer(ANTHROPIC, json(200, ANTHROPIC_TOOL_USE));
        answer(OPENAI, json(200, OPENAI_TOOL_CALL));
        for (int count : new int[] {25, 40}) {
            List<ToolDefinition> tools = tools(count);
            Model anthropic = providers().anthropic();
            Model openai = providers().openai();
            anthropic.reply(turn(tools));
            openai.reply(turn(tools));
            String toAnthropic = sent(ANTHROPIC).toString();
            String toOpenai = sent(OPENAI).toString();
            // When: the same tools again, read back from the store
            anthropic.reply(
                    turn(((SessionEntry.Opened) readBack(List.of(opened(tools))).getFirst()).tools()));
            openai.reply(turn(tools));
            // Then: not a byte is different, and other tools are not taken for them
            assertThat(sent(ANTHROPIC).toString()).isEqualTo(toAnthropic);
            assertThat(sent(OPENAI).toString()).isEqualTo(toOpenai);
            anthropic.reply(turn(tools(count - 1)));
            assertThat(sent(ANTHROPIC).toString()).doesNotContain("tool_" + (count - 2) + "\"");
        }
    }

    @Test
    void shouldKeepWhatTheProviderFoundWhenTheSessionGoesOnOrIsResumed() {
        answer(ANTHROPIC, json(200, SEARCHED));
        List<ToolDefinition> tools = tools(40);
        Reply reply = providers().anthropic().reply(turn(tools));
        JsonNode before = sent(ANTHROPIC);
        assertThat(reply.calls()).extracting(call -> call.tool()).containsExactly("tool_7");
        List<SessionEntry> entries = List.of(
                opened(tools),
                said("Write it down."),
                new SessionEntry.Replied(0, reply),
                returned(0, "tool_7", Json.MAPPER.createObjectNode().put("done", true)));

        // As another process reads them back.
        providers().anthropic().reply(request(Purpose.TURN, tools, readBack(entries)));

        JsonNode after = sent(ANTHROPIC);
        assertThat(after.path("tools")).as("the cached part stays what it was").isEqualTo(before.path("tools"));
        assertThat(after.path("system")).isEqualTo(before.path("system"));
        assertThat(after.path("messages").get(0))
                .isEqualTo(before.path("messages").get(0));
        JsonNode blocks = after.path("messages").get(1).path("content");
        assertThat(types(blocks))
                .as("an empty text is refused")
                .containsExactly("text", "server_tool_use", "tool_search_tool_result", "tool_use");
        assertThat(blocks.get(2))
                .isEqualTo(Json.read(SEARCHED, JsonNode.class).path("content").get(2));
        assertThat(after.path("messages").get(2).at("/content/0/tool_use_id").asText())
                .isEqualTo("toolu_07");
    }

    @Test
    void shouldSendBackWhatItSaidWhenTheProviderPausesInASearch() {
        answer(ANTHROPIC, json(200, PAUSED));
        List<ToolDefinition> tools = tools(40);
        Reply paused = providers().anthropic().reply(turn(tools));
        List<SessionEntry> entries =
                new ArrayList<>(List.of(opened(tools), said("Write it down."), new SessionEntry.Replied(0, paused)));
        // Then: it is asked again, without a word, also by another process, and what it said so far ends nothing
        assertThat(paused.finish()).isEqualTo(Reply.Finish.PAUSED);
        assertThat(new Transcript("s1", readBack(entries)).next(new Limits(30, 4, 1)))
                .isEqualTo(new Step.Think(1));
        assertThat(new Transcript("s1", entries).next(new Limits(1, 4, 1)))
                .as("not for ever")
                .isInstanceOf(Step.End.class);
        answer(ANTHROPIC, json(200, WENT_ON));
        Reply wentOn = providers().anthropic().reply(request(Purpose.TURN, tools, readBack(entries)));
        JsonNode messages = sent(ANTHROPIC).path("messages");
        assertThat(messages.findValuesAsText("role")).containsExactly("user", "assistant");
        assertThat(messages.get(1).path("content"))
                .isEqualTo(Json.read(PAUSED, JsonNode.class).path("content"));
        assertThat(wentOn.calls()).extracting(call -> call.tool()).containsExactly("tool_7");
        // And: both halves are one answer in the turns after it
        entries.add(new SessionEntry.Replied(1, wentOn));
        entries.add(returned(1, "tool_7", Json.MAPPER.createObjectNode()));
        providers().anthropic().reply(request(Purpose.TURN, tools, readBack(entries)));
        JsonNode after = sent(ANTHROPIC).path("messages");
        assertThat(after.findValuesAsText("role")).containsExactly("user", "assistant", "user");
        assertThat(types(after.get(1).path("content")))
                .containsExactly("text", "server_tool_use", "tool_search_tool_result", "tool_use");
    }

    @Test
    void shouldForgetASearchThatWasCutOff() {
        answer(ANTHROPIC, json(200, CUT));
        List<ToolDefinition> tools = tools(40);
        Reply reply = providers().anthropic().reply(turn(tools));

        providers()
                .anthropic()
                .reply(request(
                        Purpose.TURN,
                        tools,
                        List.of(
                                opened(tools),
                                said("Write it down."),
                                new SessionEntry.Replied(0, reply),
                                new SessionEntry.Reminded(0, "Go on."))));

        assertThat(types(sent(ANTHROPIC).path("messages").get(1).path("content")))
                .containsExactly("text");
    }

    @Test
    void shouldSumUpWithoutToolsAndSearches() {
        answer(ANTHROPIC, json(200, SEARCHED));
        List<ToolDefinition> tools = tools(40);
        Reply reply = providers().anthropic().reply(turn(tools));
        List<SessionEntry> entries = List.of(
                opened(tools),
                said("Write it down."),
                new SessionEntry.Replied(0, reply),
                returned(0, "tool_7", Json.MAPPER.createObjectNode()));

        providers().anthropic().reply(request(Purpose.SNAPSHOT, List.of(), entries));

        assertThat(sent(ANTHROPIC).has("tools")).isFalse();
        assertThat(types(sent(ANTHROPIC).path("messages").get(1).path("content")))
                .containsExactly("text", "tool_use");
    }

    @Test
    void shouldShowWhatWasFoundFromThenOnWhenTheProviderCannotSearch() {
        answer(OPENAI, json(200, OPENAI_TOOL_CALL));
        answer(OLLAMA, json(200, OLLAMA_TOOL_CALL));
        List<ToolDefinition> tools = tools(40);
        List<SessionEntry> entries = new ArrayList<>(List.of(opened(tools), said("Write it down.")));
        assertThat(shown(tools, entries)).containsExactly("hq_search", "hq_tools");

        // When: it looks; what is not of this session, and the whole list, show nothing
        entries.add(called(0, "hq_tools", "{\"action\":\"search\",\"query\":\"write a file\"}"));
        entries.add(returned(0, "hq_tools", named("tool_9", "tool_7", "rm")));
        entries.add(called(1, "hq_tools", "{\"action\":\"list\"}"));
        entries.add(returned(1, "hq_tools", named("tool_1", "tool_2")));
        // Then
        List<String> found = List.of("hq_search", "hq_tools", "tool_9", "tool_7");
        assertThat(shown(tools, entries)).containsExactlyElementsOf(found);

        // When: it calls one by a name that it knows from elsewhere
        entries.add(called(2, "tool_3", "{\"id\":\"x\"}"));
        entries.add(returned(2, "tool_3", Json.MAPPER.createObjectNode()));
        // Then: what was shown before is still the beginning, and another process shows the same
        List<String> more = Stream.concat(found.stream(), Stream.of("tool_3")).toList();
        assertThat(shown(tools, entries)).containsExactlyElementsOf(more);
        assertThat(shown(tools, readBack(entries))).containsExactlyElementsOf(more);
        providers().ollama().reply(request(Purpose.TURN, tools, entries));
        assertThat(names(sent(OLLAMA).path("tools"))).containsExactlyElementsOf(more);
    }

    @Test
    void shouldSendThemAllWhenNothingCouldBeFound() {
        answer(OPENAI, json(200, OPENAI_TOOL_CALL));
        List<ToolDefinition> tools = new ArrayList<>(tools(40));
        tools.removeIf(tool -> tool.name().equals("hq_tools"));

        providers().openai().reply(turn(tools));

        assertThat(sent(OPENAI).path("tools")).hasSize(39);
    }

    @Test
    void shouldShowAllOfASessionThatBeganBeforeToolsWereLookedFor() {
        List<SessionEntry> entries = readBack(List.of(opened(tools(40))));
        String old = write(entries.getFirst()).replaceAll(",\"deferrable\":(true|false)", "");
        SessionEntry.Opened opened = (SessionEntry.Opened) Json.read(old, SessionEntry.class);

        assertThat(opened.tools()).hasSize(40);
        assertThat(ShownTools.many(opened.tools())).isFalse();
    }

    private List<String> shown(List<ToolDefinition> tools, List<SessionEntry> entries) {
        providers().openai().reply(request(Purpose.TURN, tools, entries));
        return names(sent(OPENAI).path("tools"));
    }

    /** Two that are always shown and so many that may be deferred, in the order of their names as the gateway lists them. */
    private static List<ToolDefinition> tools(int count) {
        List<ToolDefinition> tools = new ArrayList<>();
        tools.add(new ToolDefinition("hq_search", "Searches.", SCHEMA, true, false));
        tools.add(new ToolDefinition("hq_tools", "Finds tools.", SCHEMA, false, false));
        for (int i = 1; i <= count - 2; i++) {
            tools.add(new ToolDefinition("tool_" + i, "Does " + i, SCHEMA, true, true));
        }
        return tools;
    }

    private static ModelRequest turn(List<ToolDefinition> tools) {
        return request(Purpose.TURN, tools, List.of(opened(tools), said("Write it down.")));
    }

    private static SessionEntry said(String text) {
        return new SessionEntry.Reminded(0, text);
    }

    private static JsonNode named(String... tools) {
        JsonNode data = Json.tree(Stream.of(tools).map(Named::new).toList());
        return Json.MAPPER
                .createObjectNode()
                .set("data", Json.MAPPER.createObjectNode().set("tools", data));
    }

    private record Named(String name) {}

    private static List<SessionEntry> readBack(List<SessionEntry> entries) {
        return entries.stream()
                .map(entry -> Json.read(write(entry), SessionEntry.class))
                .toList();
    }

    private static String write(SessionEntry entry) {
        try {
            return Json.MAPPER.writerFor(SessionEntry.class).writeValueAsString(entry);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> types(JsonNode blocks) {
        return StreamSupport.stream(blocks.spliterator(), false)
                .map(block -> block.path("type").asText())
                .toList();
    }

    private static List<String> names(JsonNode tools) {
        return StreamSupport.stream(tools.spliterator(), false)
                .map(tool -> tool.path("function").path("name").asText())
                .toList();
    }
}
