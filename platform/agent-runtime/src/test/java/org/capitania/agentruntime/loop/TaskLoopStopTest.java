package org.capitania.agentruntime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.agentruntime.loop.ScriptedModel.calls;
import static org.capitania.agentruntime.loop.ScriptedModel.done;

import java.util.List;
import org.capitania.agentruntime.model.ModelFailure;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.junit.jupiter.api.Test;

/** What ends a run but not its session: a pause, a lost lease, a gateway that is away. */
class TaskLoopStopTest {
    private final LoopScene scene = new LoopScene();

    @Test
    void shouldLeaveSessionAtItsStepWhenPaused() {
        ScriptedModel model =
                LoopScene.failing(new ModelFailure(new CapitaniaException(ErrorCode.AGENT_PAUSED, "paused")));

        assertThatThrownBy(() -> scene.run(model, Purpose.TASK))
                .isInstanceOfSatisfying(
                        RunInterrupted.class, e -> assertThat(e.reason()).isEqualTo(RunInterrupted.Cause.PAUSED));
        assertThat(scene.gateway.closed).isEmpty();
        assertThat(scene.told).isEmpty();

        ScriptedModel resumed = ScriptedModel.of(done("later"));
        assertThat(scene.run(resumed, Purpose.TASK).reason()).isEqualTo("later");
        assertThat(resumed.callIds)
                .as("a provider may have charged the first attempt")
                .startsWith("s1:0:model.2");
    }

    @Test
    void shouldMakeNoFurtherCallWhenLeaseIsLost() {
        for (int checks = 0; checks < 12; checks++) {
            FakeGateway fresh = new FakeGateway();
            FakeLease lost = new FakeLease();
            lost.loseAfter(checks);
            ScriptedModel model = ScriptedModel.of(calls("read", "{}"), calls("write", "{}"), done("x"));

            assertThatThrownBy(() -> LoopScene.loop(model, fresh, new FakeSessionStore())
                            .run(LoopScene.TICKET, scene.assignment(Purpose.TASK), lost))
                    .isInstanceOf(RunInterrupted.class);

            assertThat(fresh.closed).isEmpty();
            int requests = fresh.requests.size() + model.callIds.size();
            assertThat(requests).as("after %d checks", checks).isLessThanOrEqualTo(checks);
        }
    }

    @Test
    void shouldStopWhenGatewayFencesTheCall() {
        scene.gateway.answering((tool, arguments) -> FakeGateway.refused(tool, "fenced"));
        ScriptedModel model = ScriptedModel.of(calls("write", "{}"), done("x"));

        assertThatThrownBy(() -> scene.run(model, Purpose.TASK))
                .isInstanceOfSatisfying(
                        RunInterrupted.class, e -> assertThat(e.reason()).isEqualTo(RunInterrupted.Cause.LOST));
        assertThat(scene.gateway.requests).containsExactly("tools", "open", "call s1:0:1");
    }

    @Test
    void shouldStopWhenAnotherRunWritesTheSession() {
        ScriptedModel model = new ScriptedModel(request -> {
            scene.store.append(
                    LoopScene.TICKET,
                    scene.store.entries(LoopScene.TICKET).size(),
                    List.of(new SessionEntry.Reminded(0, "me too")));
            return done("x");
        });

        assertThatThrownBy(() -> scene.run(model, Purpose.TASK)).isInstanceOf(RunInterrupted.class);
        assertThat(scene.gateway.closed).isEmpty();
    }

    @Test
    void shouldAskAgainWithTheSameIdWhenGatewayIsAway() {
        CapitaniaException away = new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "away");
        scene.gateway.failing(away, away);

        TaskEnd end = scene.run(ScriptedModel.of(calls("write", "{}"), done("x")), Purpose.TASK);

        assertThat(end.ending()).isEqualTo(Ending.FINISHED);
        assertThat(scene.lease.pauses).hasSize(2);
        assertThat(scene.gateway.effects).hasSize(1);
    }

    @Test
    void shouldGiveUpTheRunButNotTheSessionWhenGatewayStaysAway() {
        CapitaniaException away = new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "away");
        for (int i = 0; i < 100; i++) {
            scene.gateway.failing(away);
        }

        assertThatThrownBy(() -> scene.run(ScriptedModel.of(done("x")), Purpose.TASK))
                .isInstanceOfSatisfying(
                        RunInterrupted.class, e -> assertThat(e.reason()).isEqualTo(RunInterrupted.Cause.UNAVAILABLE));
    }

    @Test
    void shouldGoOnWithoutTheAnswerWhenThePeerThatWasAskedIsPaused() {
        scene.gateway.answering((tool, arguments) -> FakeGateway.refused(tool, "peer_paused"));

        TaskEnd end = scene.run(ScriptedModel.of(calls("write", "{}"), done("said what is open")), Purpose.TASK);

        assertThat(end).isEqualTo(new TaskEnd(Ending.FINISHED, "task_complete", "said what is open"));
    }
}
