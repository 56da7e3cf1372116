package org.capitania.agentruntime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.agentruntime.loop.ScriptedModel.calls;
import static org.capitania.agentruntime.loop.ScriptedModel.done;
import static org.capitania.agentruntime.loop.ScriptedModel.words;

import java.util.ArrayList;
import java.util.List;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Reply.Finish;
import org.capitania.agentruntime.transcript.SessionEntry.Closed;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;
import org.capitania.agentruntime.transcript.Snapshot;
import org.capitania.contract.Json;
import org.capitania.contract.api.SessionOpen;
import org.capitania.contract.event.AgentMessage;
import org.junit.jupiter.api.Test;

/** The loop from wake to closed session. */
class TaskLoopTest {
    private final LoopScene scene = new LoopScene();

    @Test
    void shouldNumberCallsAndCloseOnceWhenTaskGoesThrough() {
        ScriptedModel model = ScriptedModel.of(
                calls("read", "{\"n\":1}", "read", "{\"n\":2}"),
                calls("email_send", "{\"to\":\"a\"}"),
                done("answered"));

        TaskEnd end = scene.run(model, Purpose.TASK);

        assertThat(end).isEqualTo(new TaskEnd(Ending.FINISHED, "task_complete", "answered"));
        assertThat(scene.gateway.effects.keySet()).containsExactly("s1:0:1", "s1:0:2", "s1:1:1");
        assertThat(model.callIds).containsExactly("s1:0:model", "s1:1:model", "s1:2:model", "s1:3:model");
        assertThat(scene.gateway.closed.get("s1").memories())
                .containsExactly(new Snapshot.Memory("fact", "Ana likes short mails", 0.8));
        assertThat(scene.told).containsExactly("finished");
        scene.gateway.requests.clear();

        assertThat(scene.run(model, Purpose.TASK)).isEqualTo(end);
        assertThat(scene.gateway.requests)
                .as("a finished session asks nobody again")
                .isEmpty();
        assertThat(model.callIds).hasSize(4);
    }

    @Test
    void shouldTaintTheTaskBeforeItIsShownWhatAnotherAgentTellsOfTheOutside() {
        List<Integer> openedAt = new ArrayList<>();
        ScriptedModel model = new ScriptedModel(request -> {
            openedAt.add(scene.gateway.opened.size());
            if (request.turn() == 0) {
                scene.feed.add(note("clean", false));
                return calls("read", "{}");
            }
            if (request.turn() == 1) {
                scene.feed.add(note("from outside", true));
                return calls("read", "{}");
            }
            return done("seen " + request.transcript().received().size());
        });

        assertThat(scene.run(model, Purpose.TASK).reason()).isEqualTo("seen 3");

        assertThat(openedAt.subList(0, 3)).containsExactly(1, 1, 2);
        assertThat(scene.gateway.opened.getLast().type()).isEqualTo(SessionOpen.Trigger.NOTE);
        assertThat(scene.gateway.opened.getLast().tainted()).isTrue();
    }

    private static Incoming note(String id, boolean tainted) {
        return new Incoming(
                id,
                AgentMessage.TYPE,
                "operator",
                null,
                LoopScene.CLOCK.instant(),
                tainted,
                Json.MAPPER.createObjectNode().put("kind", "send").put("text", "They want more."));
    }

    @Test
    void shouldIgnoreSentinelWhenToolCallIsPendingInSameReply() {
        Reply both = calls(Finish.TOOLS, "<task-complete reason=\"too early\"/>", "write", "{}");

        TaskEnd end = scene.run(ScriptedModel.of(both, done("now")), Purpose.TASK);

        assertThat(end.reason()).isEqualTo("now");
        assertThat(scene.gateway.effects).hasSize(1);
    }

    @Test
    void shouldNotExecuteAndTellModelWhenToolCallWasCutOff() {
        Reply cut = calls(Finish.LENGTH, "", "email_send", "{\"body_text\":\"Dear An");

        TaskEnd end = scene.run(
                ScriptedModel.of(cut, calls("write", "not json"), calls("rm", "{}"), done("ok")), Purpose.TASK);

        assertThat(end.ending()).isEqualTo(Ending.FINISHED);
        assertThat(scene.gateway.effects).isEmpty();
        assertThat(scene.returned())
                .extracting(Returned::code)
                .containsExactly("cut_off", "invalid_arguments", "unknown_tool");
        assertThat(scene.returned()).noneMatch(Returned::executed);
    }

    @Test
    void shouldShowLateEventBetweenTurnsEvenAfterTheSentinel() {
        ScriptedModel model = new ScriptedModel(request -> {
            if (request.purpose() == ModelRequest.Purpose.SNAPSHOT) {
                return words("no json");
            }
            if (request.turn() == 0) {
                scene.feed.add(LoopScene.event("e2"));
            }
            return done(
                    "turn " + request.turn() + " saw " + request.transcript().received());
        });

        TaskEnd end = scene.run(model, Purpose.TASK);

        assertThat(end.reason()).isEqualTo("turn 1 saw [e1, e2]");
        assertThat(scene.gateway.closed.get("s1").none())
                .as("nobody gives a reason for it")
                .isEmpty();
        assertThat(scene.gateway.endings).containsExactly("failed");
    }

    @Test
    void shouldOfferReadToolsOnlyWhenAnswering() {
        List<List<String>> offered = new ArrayList<>();
        ScriptedModel model = new ScriptedModel(request -> {
            offered.add(request.tools().stream().map(t -> t.name()).toList());
            return request.turn() == 0 ? calls("write", "{}") : done("answered");
        });

        scene.run(model, Purpose.ASK);

        assertThat(offered).containsOnly(List.of("read"));
        assertThat(scene.gateway.effects).isEmpty();
        assertThat(scene.closed()).as("an answer costs money too").isEqualTo(new Closed(FakeGateway.COST));
    }

    @Test
    void shouldWriteTogetherWhatFollowsWithoutAnActInBetween() {
        scene.run(ScriptedModel.of(calls("rm", "{}"), calls("read", "{}"), done("x")), Purpose.TASK);

        assertThat(scene.store.written)
                .containsExactly(
                        List.of("Opened", "Received", "Asked"),
                        List.of("Replied", "Returned", "Asked"),
                        List.of("Replied"),
                        List.of("Returned", "Asked"),
                        List.of("Replied", "Ended"),
                        List.of("Asked"),
                        List.of("Remembered"),
                        List.of("Closed"));
    }

    @Test
    void shouldKeepWhatACallBroughtWhenTheLeaseIsLostBehindIt() {
        scene.gateway.answering((tool, arguments) -> {
            scene.lease.loseAfter(0);
            return FakeGateway.ok(tool);
        });

        assertThatThrownBy(() -> scene.run(ScriptedModel.of(calls("write", "{}"), done("x")), Purpose.TASK))
                .isInstanceOf(RunInterrupted.class);

        assertThat(scene.returned()).extracting(Returned::tool).containsExactly("write");
    }

    @Test
    void shouldKeepTheGatewaysFigureWhenTheSessionCloses() {
        scene.run(ScriptedModel.of(done("x")), Purpose.TASK);

        assertThat(scene.closed()).isEqualTo(new Closed(FakeGateway.COST));
    }
}
