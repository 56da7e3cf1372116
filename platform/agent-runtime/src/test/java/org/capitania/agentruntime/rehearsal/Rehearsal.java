package org.capitania.agentruntime.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Sentinel;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.ToolCall;
import org.capitania.agentruntime.transcript.ToolDefinition;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.workspace.ModelClass;
import org.capitania.contract.Json;

/** One whole conversation with the rehearsal model, with the tools as they are published and a company that answers. */
final class Rehearsal {
    private static final PublishedTools TOOLS = new PublishedTools();
    private static final int MOST_TURNS = 30;

    /** A call that reached the company. */
    record Called(String tool, JsonNode arguments) {
        String action() {
            return arguments.path("action").asText(tool);
        }
    }

    final List<Called> calls = new ArrayList<>();
    final List<Reply> replies = new ArrayList<>();
    private final List<SessionEntry> entries = new ArrayList<>();
    private final String role;
    private final FakeCompany company;
    private final List<ToolDefinition> tools;
    private final String task;
    private final RehearsalModel model;

    Rehearsal(String role, FakeCompany company, List<String> beside, long seed, String task, String... faults) {
        this.role = role;
        this.company = company;
        this.tools = TOOLS.of(role, beside);
        this.task = task;
        this.model = new RehearsalModel(tenant -> "Example Ltd", request -> {}, seed, List.of(faults));
        entries.add(new SessionEntry.Opened(
                Purpose.TASK, role, "rehearsal", "v", "You are " + role + ". ".repeat(900), "", tools));
    }

    static Rehearsal of(String role, FakeCompany company) {
        return new Rehearsal(role, company, List.of(), 0, "task-1");
    }

    Rehearsal receive(String type, String subject, JsonNode data) {
        entries.add(new SessionEntry.Received(List.of(new Incoming(
                "e" + entries.size(),
                type,
                "system:test",
                subject.isEmpty() ? null : subject,
                Instant.EPOCH,
                false,
                data))));
        return this;
    }

    /** Plays until the task ends; every call has to be one that the catalogue lets pass. */
    Rehearsal play() {
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            Reply reply = step(turn);
            if (reply.calls().isEmpty()) {
                assertThat(reason()).as(reply.text()).isPresent();
                return this;
            }
        }
        throw new AssertionError("no end after " + calls);
    }

    /** One turn, with the results of its calls. */
    Reply step(int turn) {
        Reply reply = model.reply(request(turn));
        replies.add(reply);
        entries.add(new SessionEntry.Replied(turn, reply));
        int ordinal = 1;
        for (ToolCall call : reply.calls()) {
            entries.add(returned(turn, ordinal++, call, reply));
        }
        return reply;
    }

    void remind(int turn) {
        entries.add(new SessionEntry.Reminded(turn, "You did not end the task."));
    }

    private SessionEntry.Returned returned(int turn, int ordinal, ToolCall call, Reply reply) {
        Optional<ToolDefinition> shown =
                tools.stream().filter(t -> t.name().equals(call.tool())).findFirst();
        boolean whole = call.parsed().isPresent() && reply.finish() != Reply.Finish.LENGTH;
        if (shown.isEmpty() || !whole) {
            String code = whole ? "unknown_tool" : "cut_off";
            ObjectNode told = Json.MAPPER
                    .createObjectNode()
                    .put("ok", false)
                    .put("code", code)
                    .put("message", code);
            return new SessionEntry.Returned(
                    turn, ordinal, "c" + turn, call.tool(), false, false, "refused", code, told);
        }
        ObjectNode arguments = call.parsed().orElseThrow();
        assertThat(TOOLS.wrong(shown.get(), arguments))
                .as(call.tool() + " " + arguments)
                .isEmpty();
        calls.add(new Called(call.tool(), arguments));
        FakeCompany.Answer answer = company.answer(call.tool(), arguments);
        // What a subagent or a project's agent says comes with them; the catalogue names only an id so far.
        boolean published = !List.of("agent_spawn", "project_run").contains(call.tool());
        if (answer.ok() && published && !answer.status().equals("proposed")) {
            assertThat(TOOLS.wrongResult(call.tool(), answer.data()))
                    .as("the fake's own " + call.tool())
                    .isEmpty();
        }
        ObjectNode content =
                Json.MAPPER.createObjectNode().put("ok", answer.ok()).put("status", answer.status());
        content.set("data", answer.data());
        if (!answer.ok()) {
            content.putObject("error").put("code", answer.code()).put("message", answer.says());
        }
        return new SessionEntry.Returned(
                turn,
                ordinal,
                "c" + turn,
                call.tool(),
                true,
                answer.ok(),
                answer.status(),
                answer.ok() ? null : answer.code(),
                content);
    }

    private ModelRequest request(int turn) {
        return new ModelRequest(
                new Ticket("main", role, "s", task, "r", 1),
                "s:" + turn + ":model",
                turn,
                ModelRequest.Purpose.TURN,
                ModelClass.SONNET,
                new Transcript("s", entries),
                tools);
    }

    String text() {
        return replies.getLast().text();
    }

    Optional<String> reason() {
        return Sentinel.reason(text());
    }

    List<String> tools() {
        return calls.stream().map(Called::tool).toList();
    }

    /** The latest call of a tool, or of one of its actions. */
    JsonNode made(String action) {
        return calls.stream()
                .filter(c -> c.tool().equals(action) || (c.tool() + " " + c.action()).equals(action))
                .reduce((a, b) -> b)
                .orElseThrow(() -> new AssertionError("no " + action + " among " + calls))
                .arguments();
    }
}
