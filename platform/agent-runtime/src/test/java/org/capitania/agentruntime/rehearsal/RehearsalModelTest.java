package org.capitania.agentruntime.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capitania.agentruntime.model.ModelFailure;
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
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;

class RehearsalModelTest {
    private final List<SessionEntry> entries = new ArrayList<>();
    private final List<String> journal = new ArrayList<>();
    private final RehearsalModel model =
            new RehearsalModel(tenant -> "Example Ltd", request -> journal.add(request.callId()), 0, List.of());
    private int turn;

    @Test
    void shouldDraftInEnglishWithTheOperatorsFact() {
        receive(mail("m1", true, "Hello, could you please tell us when our order arrives? Thank you."));

        assertThat(call(thread("Hello, could you please tell us when our order arrives? Thank you."))
                        .tool())
                .isEqualTo("email_thread_read");
        ToolCall ask = call(Map.of(
                "reply", "[rehearsal] FACT: Aurora is recorded as entity. Source: entity:aurora, version 3.\nmore"));
        assertThat(ask.tool()).isEqualTo("hq_agent");
        assertThat(arguments(ask).path("text").asText()).contains("Ana Silva", "ana@aurora.example", "Entity: e-1");
        ToolCall draft = call(Map.of("proposal_id", "p-9"));
        JsonNode mail = arguments(draft);
        assertThat(draft.tool()).isEqualTo("email_send");
        assertThat(mail.path("in_reply_to_interaction").asText()).isEqualTo("int-1");
        assertThat(mail.path("body_text").asText())
                .startsWith("Hello Ana,\n")
                .contains("could you please tell us when our order arrives?")
                .contains("Aurora is recorded as entity")
                .contains("Kind regards,\nExample Ltd")
                .endsWith(
                        "Written by Capitania's rehearsal model, which follows fixed rules and is not a language model.\n");
        Reply end = next();
        assertThat(Sentinel.reason(end.text())).contains("reply drafted, waits for the owner");
        assertThat(end.text()).contains("p-9").startsWith("[rehearsal]");
        assertThat(journal).hasSize(4);
        assertThat(end.model()).isEqualTo("rehearsal");
    }

    @Test
    void shouldSayWhatIsMissingWhenNothingIsRecorded() {
        receive(mail("m1", true, "Bom dia, qual é o estado da encomenda?"));

        call(thread("Bom dia, qual é o estado da encomenda?"));
        call(Map.of("reply", "NO FACT: nothing is recorded for \"Ana\"."));
        String body = arguments(call(Map.of())).path("body_text").asText();

        assertThat(body)
                .startsWith("Bom dia Ana,\n")
                .contains("Ainda não encontrámos", "não temos nada registado sobre ana@aurora.example")
                .contains("modelo de ensaio")
                .doesNotContain("consta");
    }

    @Test
    void shouldDraftAllTheSameWhenOperatorCannotBeReached() {
        receive(mail("m1", true, "Hello, when do you open?"));
        call(thread("Hello, when do you open?"));
        returned("hq_agent", false, "peer_timeout", Map.of());

        assertThat(arguments(call(Map.of())).path("body_text").asText()).contains("our records could not be consulted");
    }

    @Test
    void shouldNeverAnswerAutomatedMail() {
        receive(mail("m1", false, "I am out of office"));

        assertThat(Sentinel.reason(next().text())).contains("not answered: auto_reply");
    }

    @Test
    void shouldEndWhenTheThreadHoldsNothingToAnswer() {
        receive(mail("m1", true, "hi"));
        call(Map.of("conversation", Map.of("id", "c1"), "messages", List.of()));

        assertThat(Sentinel.reason(next().text())).contains("nothing to answer");
    }

    @Test
    void shouldReadAgainButAnswerOnceWhenTheSameMailIsAnnouncedTwice() {
        receive(mail("m1", true, "Hello, when do you open?"));
        call(thread("Hello, when do you open?"));
        call(Map.of("reply", "FACT: x"));
        call(Map.of("proposal_id", "p-9"));
        receive(mail("m2", true, "Hello, when do you open?"));

        assertThat(call(thread("Hello, when do you open?")).tool()).isEqualTo("email_thread_read");
        assertThat(Sentinel.reason(next().text())).contains("reply drafted, waits for the owner");
    }

    @Test
    void shouldNoteARejectionAndKeepItsReason() {
        ObjectNode data =
                Json.MAPPER.createObjectNode().put("proposal_id", "p-1").put("reason", "too \"long\"");
        receive(new Incoming("e1", "proposal.rejected", "user:owner", null, Instant.EPOCH, false, data));

        Reply reply = next();

        assertThat(Sentinel.reason(reply.text()))
                .hasValueSatisfying(r -> assertThat(r).startsWith("noted: Proposal p-1 is rejected"));
        JsonNode snapshot = Json.read(snapshot().text(), JsonNode.class);
        assertThat(snapshot.path("memories").get(0).path("body").asText()).contains("too \"long\"");
    }

    @Test
    void shouldAnswerAQuestionFromTheGraph() {
        ask(
                "What do our records say? Sender: Ana Silva <ana@aurora.example>. Subject: \"x\". Entity: 0199aa10-7c1e-7cc2-b3a5-0d8b6f3e9a11. ");

        ToolCall search = call(Map.of("hits", List.of(), "count", 0));
        assertThat(arguments(search).path("query").asText()).isEqualTo("Ana Silva");
        ToolCall describe = call(Map.of(
                "node",
                        Map.of(
                                "id",
                                "1",
                                "slug",
                                "entity:aurora",
                                "type",
                                "entity",
                                "title",
                                "Aurora",
                                "version",
                                3,
                                "status",
                                "active"),
                "edges",
                        List.of(Map.of(
                                "type",
                                "about",
                                "direction",
                                "in",
                                "other",
                                Map.of("id", "2", "type", "project", "title", "B2B shop")))));
        assertThat(arguments(describe).path("ref").asText()).isEqualTo("0199aa10-7c1e-7cc2-b3a5-0d8b6f3e9a11");
        assertThat(next().text())
                .contains(
                        "FACT: Aurora is recorded as entity (status active), connected with project B2B shop. Source: entity:aurora, version 3.")
                .contains("<task-complete");
    }

    @Test
    void shouldSayAsASubagentWhatIsRecordedOfWhatItsQuestionNames() {
        started(
                "## What chief asks you\n\nEntity: 0199aa10-7c1e-7cc2-b3a5-0d8b6f3e9a11. Customer: Ana. Question: What of entity:other?\n");

        ToolCall describe = call(Map.of(
                "node",
                Map.of("id", "1", "slug", "entity:aurora", "type", "entity", "title", "Aurora", "version", 3),
                "edges",
                List.of()));

        assertThat(arguments(describe).path("ref").asText()).isEqualTo("0199aa10-7c1e-7cc2-b3a5-0d8b6f3e9a11");
        assertThat(SubagentProcedure.said(Sentinel.without(next().text()))).contains("Aurora is recorded as entity.");
    }

    @Test
    void shouldFindNothingAsASubagentByWhatAStrangerNames() {
        started("## What chief asks you\n\nCustomer: Ana. Question: What of entity:other?\n");

        assertThat(SubagentProcedure.said(Sentinel.without(next().text()))).isEmpty();
    }

    @Test
    void shouldClaimNothingAsAProjectAgent() {
        started(
                "## Your task\n\nMend the typo on page 3.\n\nYour project is project:shop, its files are below projects/shop/.\n");

        Reply end = next();
        assertThat(end.calls()).isEmpty();
        assertThat(Sentinel.reason(end.text())).contains("not done");
        assertThat(SubagentProcedure.said(Sentinel.without(end.text()))).isEmpty();
    }

    @Test
    void shouldSaySoWhenNothingIsFound() {
        ask("Which tasks do we have for \"Padaria Lisboa\"?");

        assertThat(arguments(call(Map.of("hits", List.of(), "count", 0)))
                        .path("query")
                        .asText())
                .isEqualTo("Padaria Lisboa");
        assertThat(next().text()).contains("NO FACT: nothing is recorded for \"Padaria Lisboa\".");
    }

    @Test
    void shouldBeRefusedLikeAnyModelWhenTheGatewaySaysNo() {
        RehearsalModel paused = new RehearsalModel(
                tenant -> "x",
                request -> {
                    throw new CapitaniaException(ErrorCode.AGENT_PAUSED, "paused");
                },
                0,
                List.of());

        assertThatThrownBy(() -> paused.reply(request(ModelRequest.Purpose.TURN)))
                .isInstanceOfSatisfying(
                        ModelFailure.class, e -> assertThat(e.refusal().code()).isEqualTo(ErrorCode.AGENT_PAUSED));
    }

    @Test
    void shouldBeHeardWordByWord() {
        List<String> heard = new ArrayList<>();
        receive(mail("m1", true, "Hello, when does our order arrive? Thank you."));

        Reply reply = model.reply(request(ModelRequest.Purpose.TURN), (callId, word) -> heard.add(word));

        assertThat(heard).hasSizeGreaterThan(3);
        assertThat(String.join("", heard)).isEqualTo(reply.text());
    }

    @Test
    void shouldTellPortugueseFromEnglish() {
        assertThat(Language.of("Bom dia, podem enviar a fatura?")).isEqualTo(Language.PORTUGUESE);
        assertThat(Language.of("Não recebi nada")).isEqualTo(Language.PORTUGUESE);
        assertThat(Language.of("Please send the invoice")).isEqualTo(Language.ENGLISH);
        assertThat(Language.of("")).isEqualTo(Language.ENGLISH);
        assertThat(Language.of("Guten Tag")).isEqualTo(Language.ENGLISH);
    }

    @Test
    void shouldGreetByFirstNameOnlyWhenThereIsOne() {
        assertThat(Letter.firstName("Ana Silva")).isEqualTo("Ana");
        assertThat(Letter.firstName("ana@aurora.example")).isEmpty();
        assertThat(Letter.firstName("")).isEmpty();
        assertThat(Letter.firstName("Support (24/7)")).isEqualTo("Support");
        assertThat(Letter.question("> old question here?\nA fresh question here?"))
                .isEqualTo("A fresh question here?");
    }

    private ToolCall call(Object data) {
        Reply reply = next();
        assertThat(reply.calls()).as(reply.text()).hasSize(1);
        ToolCall call = reply.calls().getFirst();
        entries.add(new SessionEntry.Replied(turn, reply));
        entries.add(new SessionEntry.Returned(
                turn,
                1,
                "s:" + turn + ":1",
                call.tool(),
                true,
                true,
                "done",
                null,
                Json.MAPPER.createObjectNode().set("data", Json.tree(data))));
        turn++;
        return call;
    }

    private void returned(String tool, boolean ok, String code, Object data) {
        entries.add(new SessionEntry.Replied(turn, next()));
        entries.add(new SessionEntry.Returned(
                turn,
                1,
                "s:" + turn + ":1",
                tool,
                true,
                ok,
                "failed",
                code,
                Json.MAPPER.createObjectNode().set("data", Json.tree(data))));
        turn++;
    }

    private Reply next() {
        return model.reply(request(ModelRequest.Purpose.TURN));
    }

    private Reply snapshot() {
        return model.reply(request(ModelRequest.Purpose.SNAPSHOT));
    }

    private ModelRequest request(ModelRequest.Purpose purpose) {
        List<ToolDefinition> tools =
                List.of("email_thread_read", "hq_agent", "email_send", "hq_search", "hq_describe").stream()
                        .map(t -> new ToolDefinition(t, t, Json.MAPPER.createObjectNode(), true, true))
                        .toList();
        return new ModelRequest(
                new Ticket("main", "chief", "s", "t", "r", 1),
                "s:" + turn + ":model",
                turn,
                purpose,
                ModelClass.SONNET,
                new Transcript("s", entries),
                tools);
    }

    private static JsonNode arguments(ToolCall call) {
        return call.parsed().orElseThrow();
    }

    private void receive(Incoming item) {
        entries.add(new SessionEntry.Received(List.of(item)));
    }

    private void started(String header) {
        entries.add(new SessionEntry.Opened(Purpose.SUBAGENT, "chief", "rehearsal", "v", "", header, List.of()));
    }

    private void ask(String text) {
        entries.add(new SessionEntry.Opened(Purpose.ASK, "operator", "rehearsal", "v", "", "", List.of()));
        receive(new Incoming(
                "q1",
                "agent.message",
                "agent:chief",
                null,
                Instant.EPOCH,
                false,
                Json.MAPPER.createObjectNode().put("text", text)));
    }

    private static Incoming mail(String id, boolean answerable, String subject) {
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.put("conversation_id", "c1")
                .put("entity_id", "e-1")
                .put("subject", subject)
                .put("classification", answerable ? "person" : "auto_reply")
                .put("answerable", answerable);
        data.putObject("from").put("address", "ana@aurora.example").put("name", "Ana Silva");
        return new Incoming(id, "email.received", "worker:email_ingest", null, Instant.EPOCH, true, data);
    }

    private static Map<String, Object> thread(String body) {
        return Map.of(
                "conversation", Map.of("id", "c1", "subject", "Order"),
                "messages", List.of(Map.of("id", "int-1", "direction", "in", "body_text", body)),
                "answer",
                        Map.of(
                                "in_reply_to_interaction",
                                "int-1",
                                "to",
                                List.of("ana@aurora.example"),
                                "subject",
                                "Re: Order"));
    }
}
