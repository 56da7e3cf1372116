package org.capitania.registry.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent writes for people is asked for once more when it is not plain, and never held up for ever. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class PlainLanguageIT {
    private static final String TELEGRAM =
            "Order late, supplier fault. Books Monday probable. Discount possible, approval missing. Contact again Tuesday, invoice attached later.";
    private static final String ENGLISH =
            "We have your order here, and it will be with you on Monday at nine. You can pay when it is there.";
    private static final String PORTUGUESE =
            "Temos aqui a sua encomenda, e ela estará consigo na segunda-feira às nove. Pode pagar quando a receber, se não lhe der mais jeito agora.";

    private FakePeers peers;
    private FakeGraph graph;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        Fleet.curate("chief", "email_send", "open_issue", "file_write");
        Fleet.curate("operator", "hq_task");
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldAskOnceForPlainerWordsAndThenShowTheOwnerWhatWasFound() {
        FakeGraph.Thread thread = graph.thread("Telegram");
        Fleet.Run run = Fleet.wake("chief");

        ToolResult refused = run.call("email_send", thread.answer(TELEGRAM));
        assertThat(refused.status()).isEqualTo(CallStatus.REFUSED);
        assertThat(refused.error().code()).isEqualTo("plain_language");
        assertThat(refused.error().message()).contains("body_text: it reads like notes");
        assertThat(refused.error().hint()).contains("whole sentences");

        ToolResult again = run.call("email_send", thread.answer(TELEGRAM));
        assertThat(again.status()).isEqualTo(CallStatus.PROPOSED);
        assertThat(warnings(again)).anyMatch(w -> w.contains("it reads like notes"));
    }

    @Test
    void shouldSayNothingWhenTheSecondDraftIsPlain() {
        FakeGraph.Thread thread = graph.thread("Mended");
        Fleet.Run run = Fleet.wake("chief");
        run.call("email_send", thread.answer(TELEGRAM));

        ToolResult plain = run.call("email_send", thread.answer(ENGLISH));

        assertThat(plain.status()).isEqualTo(CallStatus.PROPOSED);
        assertThat(warnings(plain)).noneMatch(w -> w.contains("it reads like notes"));
    }

    @Test
    void shouldHoldALetterToTheLanguageOfTheContactOrOfTheirCompany() {
        FakeGraph.Thread contact = graph.thread("Contact");
        graph.touch(contact.contact().id(), Map.of("language", "pt-PT"));
        FakeGraph.Thread company = graph.thread("Company");
        NodeView entity = graph.add(
                "entity", "entity:" + company.address(), null, Map.of("name", "Padaria", "language", "pt"), false);
        graph.link("works_for", company.contact().id(), entity.id());

        for (FakeGraph.Thread thread : List.of(contact, company)) {
            Fleet.Run run = Fleet.wake("chief");
            ToolResult refused = run.call("email_send", thread.answer(ENGLISH));
            assertThat(refused.error().message())
                    .contains("it is written in English, and the reader's language is Portuguese");
            assertThat(run.call("email_send", thread.answer(PORTUGUESE)).status())
                    .isEqualTo(CallStatus.PROPOSED);
        }
    }

    @Test
    void shouldHoldATaskToTheLanguageOfWhomItIsAboutUnlessItIsAboutCode() {
        NodeView entity = graph.add(
                "entity",
                "entity:padaria-" + System.nanoTime(),
                null,
                Map.of("name", "Padaria", "language", "pt"),
                false);
        Map<String, Object> task = Map.of(
                "action", "create", "title", "Send the order", "description", ENGLISH, "about", List.of(entity.slug()));
        Fleet.Run run = Fleet.wake("operator");

        assertThat(run.call("hq_task", task).error().code()).isEqualTo("plain_language");
        assertThat(run.call("hq_task", task).status()).as("the second time").isEqualTo(CallStatus.DONE);

        Map<String, Object> code = new java.util.HashMap<>(task);
        code.put("kind", "dev");
        assertThat(Fleet.wake("operator").call("hq_task", code).status()).isEqualTo(CallStatus.DONE);
    }

    @Test
    void shouldLetAPersonWriteAsTheyLike() {
        ToolResult written = Fleet.owner(
                "open_issue",
                "plain-" + System.nanoTime(),
                Map.of("title", "Look at it", "description", TELEGRAM, "assignee", "owner"));

        assertThat(written.status()).isEqualTo(CallStatus.DONE);
    }

    private static List<String> warnings(ToolResult proposed) {
        return Json.read(
                        Fleet.as("user:owner")
                                .get("/v1/frozen-calls/{id}", proposed.proposalId())
                                .asString(),
                        FrozenCall.class)
                .rendering()
                .warnings();
    }
}
