package org.capitania.agentruntime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.agentruntime.loop.ScriptedModel.calls;
import static org.capitania.agentruntime.loop.ScriptedModel.done;
import static org.capitania.agentruntime.loop.ScriptedModel.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.capitania.agentruntime.loop.FakeSessionStore.Killed;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Reply.Finish;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.junit.jupiter.api.Test;

/** The loop, killed anywhere: the resumed run has the same calls and effects. */
class TaskLoopKillTest {
    private final LoopScene scene = new LoopScene();

    /** The heart of it: whatever append the process dies at, before or after it is written, the resumed run has the same calls and effects. */
    @Test
    void shouldRepeatNoEffectWhenKilledAtEveryStep() {
        for (long seed = 1; seed <= 40; seed++) {
            List<Reply> script = randomScript(new Random(seed));
            FakeGateway calm = new FakeGateway();
            FakeSessionStore calmStore = new FakeSessionStore();
            calmStore.killAt(Integer.MAX_VALUE, false);
            TaskEnd expected = LoopScene.loop(scripted(script), calm, calmStore)
                    .run(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease);
            int appends = calmStore.appends();
            for (int at = 1; at <= appends; at++) {
                for (boolean afterWrite : new boolean[] {false, true}) {
                    String where = "seed " + seed + ", killed " + (afterWrite ? "after" : "before") + " append " + at;
                    FakeGateway stormy = new FakeGateway();
                    FakeSessionStore stormyStore = new FakeSessionStore();
                    stormyStore.killAt(at, afterWrite);
                    assertThatThrownBy(() -> LoopScene.loop(scripted(script), stormy, stormyStore)
                                    .run(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease))
                            .as(where)
                            .isInstanceOf(Killed.class);
                    stormyStore.killAt(Integer.MAX_VALUE, false);

                    TaskEnd end = LoopScene.loop(scripted(script), stormy, stormyStore)
                            .run(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease);

                    assertThat(end).as(where).isEqualTo(expected);
                    assertThat(stormy.effects).as(where).containsExactlyEntriesOf(calm.effects);
                    assertThat(stormy.closed).as(where).isEqualTo(calm.closed);
                }
            }
        }
    }

    @Test
    void shouldSurviveManyKillsWhenTheyComeOneAfterTheOther() {
        Random random = new Random(4711);
        List<Reply> script = randomScript(random);
        TaskEnd end = null;
        for (int life = 0; end == null && life < 200; life++) {
            scene.store.killAt(1 + random.nextInt(2), random.nextBoolean());
            try {
                end = LoopScene.loop(scripted(script), scene.gateway, scene.store)
                        .run(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease);
            } catch (Killed expected) {
                assertThat(scene.gateway.closed.size()).isLessThanOrEqualTo(1);
            }
        }

        // Null when every life was killed before the end.
        assertThat(end).as("seed 4711").isNotNull();
        FakeGateway calm = new FakeGateway();
        LoopScene.loop(scripted(script), calm, new FakeSessionStore())
                .run(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease);
        assertThat(scene.gateway.effects).as("seed 4711").containsExactlyEntriesOf(calm.effects);
    }

    private static ScriptedModel scripted(List<Reply> script) {
        return ScriptedModel.of(script.toArray(Reply[]::new));
    }

    private static List<Reply> randomScript(Random random) {
        List<Reply> script = new ArrayList<>();
        int turns = 1 + random.nextInt(4);
        for (int turn = 0; turn < turns; turn++) {
            List<String> calls = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                calls.add(random.nextInt(8) == 0 ? "nothing" : random.nextBoolean() ? "read" : "write");
                calls.add(random.nextInt(8) == 0 ? "{cut" : "{\"turn\":" + turn + ",\"i\":" + i + "}");
            }
            script.add(calls(random.nextInt(6) == 0 ? Finish.LENGTH : Finish.TOOLS, "", calls.toArray(String[]::new)));
        }
        if (random.nextInt(4) == 0) {
            script.add(words("hm"));
        }
        script.add(random.nextInt(5) == 0 ? words("no sentinel") : done("done"));
        return script;
    }
}
