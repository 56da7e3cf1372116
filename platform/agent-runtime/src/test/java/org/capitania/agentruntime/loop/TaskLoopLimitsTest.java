package org.capitania.agentruntime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.agentruntime.loop.ScriptedModel.calls;
import static org.capitania.agentruntime.loop.ScriptedModel.done;
import static org.capitania.agentruntime.loop.ScriptedModel.words;

import java.time.Duration;
import java.util.List;
import org.capitania.agentruntime.model.ModelFailure;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.SessionEntry.Asked;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.workspace.ModelClass;
import org.capitania.agentruntime.workspace.ModelPolicy;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What ends a session early: turns, repetition, caps, a provider that will not. */
class TaskLoopLimitsTest {
    private final LoopScene scene = new LoopScene();

    @Test
    void shouldStopWhenTheSameCallComesTheFifthTime() {
        ScriptedModel model = ScriptedModel.of(calls("read", "{\"b\":1,\"a\":2}", "read", "{\"a\":2,\"b\":1}"));

        TaskEnd end = scene.run(model, Purpose.TASK);

        assertThat(end.code()).isEqualTo("loop_stopped");
        assertThat(scene.gateway.effects)
                .as("four were made, the fifth was not")
                .hasSize(4);
        assertThat(scene.gateway.closed.get("s1").memories()).isEmpty();
        assertThat(scene.gateway.closed.get("s1").none()).isNotBlank();
    }

    @Test
    void shouldFailWhenTurnsRunOut() {
        ScriptedModel model = new ScriptedModel(request -> calls("read", "{\"n\":" + request.turn() + "}"));

        TaskEnd end = scene.run(model, Purpose.TASK);

        assertThat(end).isEqualTo(new TaskEnd(Ending.FAILED, "max_turns", "stopped after 6 turns without a sentinel"));
        assertThat(model.callIds).hasSize(6);
    }

    @Test
    void shouldRemindOnceThenFailWhenSentinelNeverComes() {
        ScriptedModel model = ScriptedModel.of(words("I think that is all."));

        TaskEnd end = scene.run(model, Purpose.TASK);

        assertThat(end.code()).isEqualTo("no_sentinel");
        assertThat(model.callIds).hasSize(2);
        assertThat(scene.told).containsExactly("failed");
    }

    @Test
    void shouldGoOnWhenReminderHelped() {
        assertThat(scene.run(ScriptedModel.of(words("That is all."), done("read it")), Purpose.TASK))
                .isEqualTo(new TaskEnd(Ending.FINISHED, "task_complete", "read it"));
    }

    @Test
    void shouldFreezeWhenGatewayRefusesTheModelCallForItsBudget() {
        ScriptedModel model =
                LoopScene.failing(new ModelFailure(new CapitaniaException(ErrorCode.BUDGET_EXHAUSTED, "over the cap")));

        assertThat(scene.run(model, Purpose.TASK))
                .isEqualTo(new TaskEnd(Ending.FROZEN, "budget_exhausted", "over the cap"));
    }

    @Test
    void shouldSayUntilWhenItIsNotWorthTryingAgain() {
        CapitaniaException spent = new CapitaniaException(ErrorCode.BUDGET_EXHAUSTED, "over the cap");
        ScriptedModel model = LoopScene.failing(new ModelFailure(spent.withRetryAfter(Duration.ofHours(14))));

        assertThat(scene.run(model, Purpose.TASK).until()).isEqualTo("2026-11-23T00:00:00Z");
    }

    @Test
    void shouldFreezeRatherThanFailWhenAProviderAsksForALongPause() {
        ScriptedModel model = LoopScene.failing(
                new ModelFailure(ModelFailure.Kind.RATE_LIMITED, "slow down", Duration.ofHours(1), null));

        TaskEnd end = scene.run(model, Purpose.TASK);

        assertThat(end.ending()).isEqualTo(Ending.FROZEN);
        assertThat(end.until()).isEqualTo("2026-11-22T11:00:00Z");
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"MAX_TURNS", "RUN_EXHAUSTED"})
    void shouldFailWhenGatewayFindsTheRunUsedUp(ErrorCode code) {
        ScriptedModel model = LoopScene.failing(new ModelFailure(new CapitaniaException(code, "used up")));

        assertThat(scene.run(model, Purpose.TASK)).isEqualTo(new TaskEnd(Ending.FAILED, code.code(), "used up"));
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"PROVIDER_REJECTED", "NOT_CONFIGURED"})
    void shouldFreezeWhenGatewayKnowsThatTheProviderHasNoKeyOfOurs(ErrorCode code) {
        ScriptedModel model = LoopScene.failing(new ModelFailure(new CapitaniaException(code, "no key")));

        assertThat(scene.run(model, Purpose.TASK)).isEqualTo(new TaskEnd(Ending.FROZEN, code.code(), "no key"));
    }

    @Test
    void shouldFreezeWithoutAnotherTryWhenProviderRefusesSignIn() {
        ScriptedModel model = LoopScene.failing(new ModelFailure(ModelFailure.Kind.SIGN_IN, "401", null, null));

        assertThat(scene.run(model, Purpose.TASK)).isEqualTo(new TaskEnd(Ending.FROZEN, "provider_sign_in", "401"));
        assertThat(model.callIds).as("nothing is tried again").hasSize(1);
    }

    @Test
    void shouldFailWhenTheProviderCannotTakeTheRequest() {
        ScriptedModel model = LoopScene.failing(new ModelFailure(ModelFailure.Kind.BAD_REQUEST, "400", null, null));

        assertThat(scene.run(model, Purpose.TASK)).isEqualTo(new TaskEnd(Ending.FAILED, "provider_bad_request", "400"));
    }

    @ParameterizedTest
    @CsvSource({
        "SONNET, false, HAIKU",
        "OPUS, false, SONNET",
        "HAIKU, false, HAIKU",
        "OPUS, true, OPUS",
        "SONNET, true, SONNET"
    })
    void shouldDemoteARoutineTurnAndNothingElseWhenMoneyIsShort(ModelClass wanted, boolean mandatory, ModelClass used) {
        scene.gateway.demoting = true;
        Workspace plain = LoopScene.workspace(100_000, 6, wanted);
        ModelPolicy policy = new ModelPolicy(
                List.of(new ModelPolicy.Rule(new ModelPolicy.Condition.PurposeIs("task"), wanted, mandatory)), wanted);
        Workspace workspace = new Workspace(
                plain.role(),
                plain.description(),
                plain.company(),
                policy,
                plain.triggers(),
                plain.tools(),
                plain.subagents(),
                plain.budget(),
                plain.permissions(),
                plain.lifecycle(),
                plain.systemPrompt(),
                plain.version(),
                plain.files());
        ScriptedModel model = ScriptedModel.of(done("read it"));
        TaskLoop loop = new TaskLoop(
                tenant -> workspace, model, scene.gateway, scene.store, Duration.ofMinutes(1), LoopScene.CLOCK);

        loop.run(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease);

        assertThat(new Transcript("s1", scene.store.entries(LoopScene.TICKET))
                        .all(Asked.class)
                        .getFirst()
                        .modelClass())
                .isEqualTo(used);
    }
}
