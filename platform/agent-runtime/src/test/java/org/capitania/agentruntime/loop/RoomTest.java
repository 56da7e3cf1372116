package org.capitania.agentruntime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.agentruntime.loop.ScriptedModel.calls;
import static org.capitania.agentruntime.loop.ScriptedModel.done;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.capitania.agentruntime.loop.FakeSessionStore.Killed;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.transcript.ContextSize;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Alarmed;
import org.capitania.agentruntime.transcript.SessionEntry.Compacted;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.transcript.Usage;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult;
import org.junit.jupiter.api.Test;

/** A conversation that does not fit into its model's window. */
class RoomTest {
    private static final long WINDOW = 200_000;
    private static final int CALLS = 100;

    /** About 2,000 tokens each: all of them and what is said in between are more than the window. */
    private static final String LONG = "what was found there. ".repeat(360);

    private final LoopScene scene = new LoopScene();
    private final List<Long> sizes = new ArrayList<>();

    private FakeGateway gateway() {
        return new FakeGateway().answering((tool, arguments) -> {
            int n = arguments.path("n").asInt();
            UUID id = new UUID(7, n);
            return new ToolResult(
                    true,
                    CallStatus.DONE,
                    tool,
                    Json.MAPPER.createObjectNode().put("id", id.toString()).put("text", LONG),
                    "a1",
                    null,
                    null,
                    null);
        });
    }

    /** Looks a hundred times; comes back to the third find again and again. Counts as a provider does. */
    private ScriptedModel model() {
        return new ScriptedModel(request -> {
            if (request.purpose() == ModelRequest.Purpose.SNAPSHOT) {
                return done("remembered");
            }
            long prompt = ContextSize.next(request.transcript());
            sizes.add(prompt);
            int turn = request.turn();
            if (turn == CALLS) {
                return counted(done("all read"), prompt);
            }
            Reply reply = calls(Reply.Finish.TOOLS, said(turn), "read", "{\"n\":" + turn + "}");
            return counted(reply, prompt);
        });
    }

    private static String said(int turn) {
        return turn > 3 && turn % 5 == 0 ? "I compare it with " + new UUID(7, 3) + "." : "I look further.";
    }

    private static Reply counted(Reply reply, long prompt) {
        return new Reply(reply.text(), reply.calls(), reply.finish(), new Usage(prompt, 40, 0, 0), reply.model());
    }

    private TaskLoop loop(FakeGateway gateway, FakeSessionStore store) {
        return new TaskLoop(
                tenant -> LoopScene.workspace(400_000, CALLS + 10),
                model(),
                gateway,
                store,
                Duration.ofMinutes(1),
                LoopScene.CLOCK);
    }

    @Test
    void shouldSurviveAHundredCallsThatDoNotFitIntoTheWindow() {
        FakeGateway gateway = gateway();

        TaskEnd end = loop(gateway, scene.store).run(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease);

        assertThat(end.code()).isEqualTo("task_complete");
        assertThat(gateway.effects).hasSize(CALLS);
        assertThat(sizes).as("no request passes three quarters of the window").allMatch(s -> s < WINDOW * 75 / 100);
        Transcript transcript = new Transcript("s1", scene.store.entries(LoopScene.TICKET));
        assertThat(transcript.all(Alarmed.class)).isNotEmpty();
        assertThat(transcript.all(Compacted.class)).isNotEmpty();
        assertThat(transcript.leftOut())
                .as("what is spoken of stays, and so does what is fresh")
                .contains("s1:0:1", "s1:1:1")
                .doesNotContain("s1:3:1", "s1:" + (CALLS - 1) + ":1");
        assertThat(transcript.all(Returned.class))
                .as("the store keeps all of it")
                .hasSize(CALLS);
    }

    @Test
    void shouldGoOnTheSameWayWhenKilledWhileRoomIsMade() {
        FakeGateway calm = gateway();
        loop(calm, scene.store).run(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease);
        List<SessionEntry> expected = scene.store.entries(LoopScene.TICKET);
        for (int at = 1; at <= scene.store.appends(); at++) {
            boolean room = expected.stream().skip(at).limit(2).anyMatch(e -> e instanceof Compacted);
            if (room) {
                for (boolean afterWrite : new boolean[] {false, true}) {
                    resumed(expected, calm, at, afterWrite);
                }
            }
        }
    }

    private void resumed(List<SessionEntry> expected, FakeGateway calm, int at, boolean afterWrite) {
        FakeGateway stormy = gateway();
        FakeSessionStore store = new FakeSessionStore();
        store.killAt(at, afterWrite);
        assertThatThrownBy(() -> loop(stormy, store).run(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease))
                .isInstanceOf(Killed.class);
        store.killAt(Integer.MAX_VALUE, false);

        loop(stormy, store).run(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease);

        assertThat(stormy.effects).as("killed at append %s", at).containsExactlyEntriesOf(calm.effects);
        assertThat(new Transcript("s1", store.entries(LoopScene.TICKET)).leftOut())
                .isEqualTo(new Transcript("s1", expected).leftOut());
    }

    @Test
    void shouldEndWhenNothingCanBeLeftOut() {
        scene.feed.set(
                0,
                new Incoming(
                        "e1",
                        "email.received",
                        "worker:email_ingest",
                        null,
                        Instant.parse("2026-11-21T10:00:00Z"),
                        true,
                        Json.MAPPER.createObjectNode().put("text", LONG.repeat(100))));
        ScriptedModel model = ScriptedModel.of(done("never"));
        TaskLoop loop = new TaskLoop(
                tenant -> LoopScene.workspace(1_000_000, 5),
                model,
                scene.gateway,
                scene.store,
                Duration.ofMinutes(1),
                LoopScene.CLOCK);

        TaskEnd end = loop.run(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease);

        assertThat(end.code()).isEqualTo("context_full");
        assertThat(model.callIds).as("no provider is asked what it must refuse").isEmpty();
    }
}
