package org.capitania.agentruntime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.agentruntime.loop.ScriptedModel.calls;
import static org.capitania.agentruntime.loop.ScriptedModel.done;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.capitania.agentruntime.model.SentMessages;
import org.capitania.agentruntime.transcript.ModelCalls;
import org.capitania.agentruntime.transcript.ModelCalls.Made;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.contract.Json;
import org.capitania.contract.api.SessionMessages.Message;
import org.junit.jupiter.api.Test;

/** Each model call of a session can be told by what went in, and shown again as it was. */
class ModelCallsTest {
    private final LoopScene scene = new LoopScene();

    @Test
    void shouldTellWhatWentInAndCameOutOfEachCall() {
        scene.run(ScriptedModel.of(calls("read", "{\"n\":1}"), done("read it")), Purpose.TASK);

        List<Made> made = scene.gateway.last.calls();
        assertThat(made).extracting(Made::callId).containsExactly("s1:0:model", "s1:1:model", "s1:2:model");
        assertThat(made).extracting(Made::purpose).containsExactly("turn", "turn", "snapshot");
        assertThat(made).extracting(Made::inputsDigest).doesNotHaveDuplicates().allMatch(d -> d.length() == 64);
        assertThat(made.getFirst().output()).isEqualTo("read {\"n\":1}");
        assertThat(made.getLast().output()).contains("Ana likes short mails");
    }

    @Test
    void shouldTellHowSureTheModelSaidItWas() {
        String sure = "<task-complete reason=\"read it\" confidence=\"0.85\"/>";
        scene.run(
                ScriptedModel.of(
                        calls("read", "{\"n\":1,\"confidence\":0.9}"),
                        calls("read", "{\"n\":2,\"confidence\":7}"),
                        calls("read", "{\"n\":3}"),
                        ScriptedModel.words(sure)),
                Purpose.TASK);

        assertThat(scene.gateway.last.calls())
                .extracting(Made::confidence)
                .containsExactly(0.9, null, null, 0.85, null);
    }

    @Test
    void shouldFindTheSameInWhatTheStoreGivesBack() {
        scene.run(ScriptedModel.of(calls("read", "{\"n\":1.50,\"b\":\"x\"}"), done("read it")), Purpose.TASK);

        // The store keeps no order of members.
        List<SessionEntry> kept = scene.store.entries(LoopScene.TICKET).stream()
                .map(entry -> Json.convert(reversed(Json.tree(entry)), SessionEntry.class))
                .toList();
        for (Made made : scene.gateway.last.calls()) {
            ModelCalls.Before before =
                    ModelCalls.before(new Transcript("s1", kept), made.callId()).orElseThrow();
            assertThat(before.inputsDigest()).as(made.callId()).isEqualTo(made.inputsDigest());
            assertThat(before.snapshot()).isEqualTo(made.purpose().equals("snapshot"));
        }
        assertThat(ModelCalls.before(new Transcript("s1", kept), "s1:9:model")).isEmpty();
    }

    @Test
    void shouldShowTheMessagesOfACallAsTheyWere() {
        scene.run(ScriptedModel.of(calls("read", "{\"n\":1}"), done("read it")), Purpose.TASK);
        Transcript kept = new Transcript("s1", scene.store.entries(LoopScene.TICKET));

        List<Message> first =
                SentMessages.of(ModelCalls.before(kept, "s1:0:model").orElseThrow());
        assertThat(first).extracting(Message::role).containsExactly("system", "user");
        assertThat(first.getLast().text()).startsWith("# Session context reconstruction");
        List<Message> second =
                SentMessages.of(ModelCalls.before(kept, "s1:1:model").orElseThrow());
        assertThat(second).extracting(Message::role).containsExactly("system", "user", "assistant", "tool");
        assertThat(second.subList(0, 2)).isEqualTo(first);
        List<Message> last =
                SentMessages.of(ModelCalls.before(kept, "s1:2:model").orElseThrow());
        assertThat(last.getLast().text()).contains("This session is over.");
    }

    private static JsonNode reversed(JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        Collections.reverse(names);
        ObjectNode turned = Json.MAPPER.createObjectNode();
        names.forEach(name -> turned.set(name, reversed(object.get(name))));
        return turned;
    }
}
