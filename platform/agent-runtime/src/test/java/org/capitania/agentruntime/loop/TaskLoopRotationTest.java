package org.capitania.agentruntime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.agentruntime.loop.ScriptedModel.calls;
import static org.capitania.agentruntime.loop.ScriptedModel.done;

import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.Transcript;
import org.junit.jupiter.api.Test;

/** Sessions that end before their task does: rotated with what they remember, or cut off without a model. */
class TaskLoopRotationTest {
    private final LoopScene scene = new LoopScene();

    @Test
    void shouldEndWithWhatItRemembersOnceTheCallsOfItsTurnAreMade() {
        scene.gateway.answering((tool, arguments) -> {
            scene.rotated = true;
            return FakeGateway.ok(tool);
        });
        ScriptedModel model = ScriptedModel.of(calls("read", "{}", "write", "{}"), done("never said"));

        TaskEnd end = scene.run(model, Purpose.TASK);

        assertThat(end.ending()).isEqualTo(Ending.FROZEN);
        assertThat(end.code()).isEqualTo(TaskLoop.ROTATED);
        assertThat(scene.gateway.effects).hasSize(2);
        assertThat(model.callIds).as("the turn, then what is remembered").hasSize(2);
        assertThat(scene.gateway.closed.get("s1").memo()).isEqualTo("nothing open");
        assertThat(scene.gateway.closed.get("s1").memories()).hasSize(1);
    }

    @Test
    void shouldAskNoModelWhenItHasNotBegun() {
        scene.rotated = true;
        ScriptedModel model = ScriptedModel.of(done("never said"));

        assertThat(scene.run(model, Purpose.TASK).code()).isEqualTo(TaskLoop.ROTATED);
        assertThat(model.callIds).isEmpty();
    }

    @Test
    void shouldFinishWhenTheModelIsDoneBeforeItsNextStep() {
        ScriptedModel model = new ScriptedModel(request -> {
            scene.rotated = true;
            return done("all done");
        });

        assertThat(scene.run(model, Purpose.TASK).ending()).isEqualTo(Ending.FINISHED);
    }

    @Test
    void shouldBePutAwayWithoutAModelWhenItIsCutOffInItsCalls() {
        scene.gateway.answering((tool, arguments) -> {
            throw new RunInterrupted(RunInterrupted.Cause.STOPPED, "no step for ten minutes");
        });
        ScriptedModel model = ScriptedModel.of(calls("read", "{}", "write", "{}"), done("never said"));
        assertThatThrownBy(() -> scene.run(model, Purpose.TASK)).isInstanceOf(RunInterrupted.class);
        TaskLoop loop = LoopScene.loop(model, scene.gateway, scene.store);

        loop.cutOff(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease, "no step for ten minutes");
        loop.cutOff(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease, "no step for ten minutes");

        assertThat(model.callIds).hasSize(1);
        assertThat(scene.gateway.closed.get("s1").memories()).isEmpty();
        assertThat(scene.gateway.closed.get("s1").summary()).contains("no step for ten minutes");
        assertThat(new Transcript("s1", scene.store.entries(LoopScene.TICKET)).all(Ended.class))
                .containsExactly(new Ended(Ending.FAILED, "stopped", "no step for ten minutes"));
        scene.closed();
    }

    @Test
    void shouldLeaveNothingBehindWhenItIsCutOffBeforeItOpened() {
        LoopScene.loop(ScriptedModel.of(), scene.gateway, scene.store)
                .cutOff(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease, "stopped");

        assertThat(scene.gateway.requests).isEmpty();
    }
}
