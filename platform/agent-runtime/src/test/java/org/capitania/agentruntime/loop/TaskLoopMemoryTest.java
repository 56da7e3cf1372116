package org.capitania.agentruntime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.agentruntime.loop.ScriptedModel.done;
import static org.capitania.agentruntime.loop.ScriptedModel.words;

import java.util.ArrayList;
import java.util.List;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.SessionEntry.Refused;
import org.capitania.agentruntime.transcript.Snapshot;
import org.capitania.agentruntime.transcript.Transcript;
import org.junit.jupiter.api.Test;

/** What a session leaves behind: written again when it cannot be taken, never made up, never lost unseen. */
class TaskLoopMemoryTest {
    private static final String ODD = """
            {"summary":"s","memories":[{"kind":"opinion","body":"A","salience":1},{"kind":"fact","body":"B","salience":0.5}]}""";
    private static final String GOOD = """
            {"summary":"s","memories":[{"kind":"fact","body":"A","salience":0.5}]}""";

    private final LoopScene scene = new LoopScene();
    private final List<List<String>> told = new ArrayList<>();

    @Test
    void shouldHaveItWrittenAgainWhenAKindIsNotKnown() {
        assertThat(scene.run(writing(ODD, GOOD), Purpose.TASK).ending()).isEqualTo(Ending.FINISHED);

        assertThat(told.get(1)).singleElement().asString().contains("memories[0].kind is \"opinion\"", "watch_item");
        assertThat(kept().memories()).containsExactly(new Snapshot.Memory("fact", "A", 0.5));
        assertThat(scene.gateway.endings).containsExactly("finished");
    }

    @Test
    void shouldKeepWhatIsRightWhenItIsOddAgain() {
        scene.run(writing(ODD, ODD), Purpose.TASK);

        assertThat(kept().memories()).containsExactly(new Snapshot.Memory("fact", "B", 0.5));
        assertThat(told).hasSize(2);
    }

    @Test
    void shouldTakeTheModelsReasonForNoMemoryOrNone() {
        scene.run(
                writing("{\"summary\":\"s\",\"memories\":[]}", "{\"summary\":\"s\",\"none\":\"all is in the graph\"}"),
                Purpose.TASK);
        assertThat(kept().none()).isEqualTo("all is in the graph");
        assertThat(scene.gateway.endings).containsExactly("finished");

        LoopScene silent = new LoopScene();
        silent.run(writing("{\"summary\":\"s\"}", "{\"summary\":\"s\"}"), Purpose.TASK);
        assertThat(silent.gateway.closed.get("s1").none()).isEmpty();
        assertThat(silent.gateway.endings)
                .as("no task is complete without a word on it")
                .containsExactly("failed");
    }

    @Test
    void shouldTryAgainWhenTheClosingIsRefused() {
        scene.gateway.refusingToClose(1);

        assertThat(scene.run(writing(GOOD, GOOD), Purpose.TASK).ending()).isEqualTo(Ending.FINISHED);

        assertThat(told.get(1)).containsExactly("/memory/0/body: it is too odd");
        assertThat(kept().memories()).hasSize(1);
        assertThat(transcript().unaccepted()).isEmpty();
    }

    @Test
    void shouldCloseWithoutAMemoryWhenItIsRefusedAgain() {
        scene.gateway.refusingToClose(2);

        scene.run(writing(GOOD, GOOD), Purpose.TASK);

        assertThat(kept().memories()).isEmpty();
        assertThat(kept().none()).contains("it is too odd");
        assertThat(scene.gateway.endings).hasSize(3).containsOnly("finished");
    }

    @Test
    void shouldNotCountAsClosedThereWhenNothingIsTaken() {
        scene.gateway.refusingToClose(9);

        assertThat(scene.run(writing(GOOD, GOOD), Purpose.TASK).ending())
                .as("the task is done all the same")
                .isEqualTo(Ending.FINISHED);

        assertThat(scene.gateway.closed).isEmpty();
        assertThat(scene.gateway.endings).hasSize(3);
        assertThat(transcript().unaccepted()).map(Refused::code).contains("schema_violation");
        scene.run(writing(GOOD), Purpose.TASK);
        assertThat(scene.gateway.endings).as("it is over here").hasSize(3);
    }

    private Snapshot kept() {
        return scene.gateway.closed.get("s1");
    }

    private Transcript transcript() {
        return new Transcript("s1", scene.store.entries(LoopScene.TICKET));
    }

    /** Ends at once and writes these snapshots, one after the other; what it was told of them is in {@code told}. */
    private ScriptedModel writing(String... snapshots) {
        return new ScriptedModel(request -> {
            if (request.purpose() == ModelRequest.Purpose.TURN) {
                return done("answered");
            }
            List<String> refused = request.transcript().all(Refused.class).stream()
                    .map(Refused::detail)
                    .toList();
            told.add(refused);
            return words(snapshots[refused.size()]);
        });
    }
}
