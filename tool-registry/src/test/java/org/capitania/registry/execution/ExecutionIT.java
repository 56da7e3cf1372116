package org.capitania.registry.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.AmongPeers;
import org.capitania.registry.Approved;
import org.capitania.registry.CrashingSteps;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.effects.Steps.Step;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.Events;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestKafka;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Approved calls are carried out once, whatever happens in between; the mails are counted in a real SMTP sink. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class ExecutionIT extends AmongPeers {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    CrashingSteps steps;

    @Inject
    Sql sql;

    @Inject
    LostDoorbells lost;

    @BeforeEach
    void curate() {
        Fleet.curate("chief", "email_send", "email_thread_read");
    }

    @Test
    void shouldSendOneThreadedMailWhenApproved() throws Exception {
        // Given
        FakeGraph.Thread thread = graph.thread("Olá, entrega");
        FrozenCall frozen = propose(thread, "Bom dia Rita,\n\nsegunda às nove está ótimo.\n.\nCumprimentos");
        // When
        approvals.approve(frozen);
        Approved.ring(frozen);
        // Then
        awaitReported(frozen, ProposalStatus.EXECUTED);
        MimeMessage mail = onlyMail(frozen);
        assertThat(mail.getHeader("In-Reply-To")).containsExactly(thread.mail().text("message_id"));
        assertThat(mail.getHeader("References", " ").split("\\s+"))
                .containsExactly(
                        thread.mail().props().path("references").get(0).asText(),
                        thread.mail().text("message_id"));
        assertThat(mail.getSubject()).isEqualTo("Re: Olá, entrega");
        assertThat(mail.getFrom()[0].toString()).isEqualTo("office@capitania.example");
        assertThat(mail.getAllRecipients()).hasSize(1);
        assertThat(mail.getContentType()).startsWithIgnoringCase("text/plain; charset=utf-8");
        assertThat(mail.getContent().toString().replace("\r\n", "\n").strip())
                .isEqualTo(frozen.arguments().path("body_text").asText());
        JsonNode result = approvals.reports(frozen.proposalId()).getFirst().result();
        NodeView sent = graph.get(result.path("interaction_id").asText());
        assertThat(sent.text("direction")).isEqualTo("out");
        // Ingest knows a copy that comes back by this id.
        assertThat(sent.externalId()).isEqualTo(mail.getMessageID()).isEqualTo(sent.text("message_id"));
        assertThat(graph.get(thread.mail().id()).status()).isEqualTo("answered");
        assertThat(graph.edges())
                .contains(new FakeGraph.Edge(
                        "part_of",
                        result.path("interaction_id").asText(),
                        thread.conversation().id()));
        assertThat(peers.requests("POST", "/v1/mutations").getLast().onBehalfOf())
                .isEqualTo("agent:chief");
    }

    @Test
    void shouldSendOnceWhenManyDoorbellsRingAtOnce() throws Exception {
        // Given
        FrozenCall frozen = propose(graph.thread("Many doorbells"), "Once, please.");
        approvals.approve(frozen);
        // When
        for (int i = 0; i < 20; i++) {
            Events.publish("proposal.approved", frozen.proposalId(), Approved.event(frozen));
        }
        lost.look("main");
        // Then
        awaitReported(frozen, ProposalStatus.EXECUTED);
        onlyMail(frozen);
        assertThat(approvals.reports(frozen.proposalId())).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void shouldSendOnceWhenTheProcessDiesAfterAStep(Step step) throws Exception {
        // Given
        FrozenCall frozen = propose(graph.thread("Dies after " + step), "Exactly one, also after " + step + ".");
        steps.crashAfter(step, frozen.callId());
        approvals.approve(frozen);
        // When
        Approved.ring(frozen);
        // Then
        awaitReported(frozen, ProposalStatus.EXECUTED);
        // After the last step the report is out before the process dies.
        await().atMost(PATIENCE).until(() -> steps.crashed(frozen.callId()));
        onlyMail(frozen);
        assertThat(graph.ofType("interaction").stream()
                        .filter(n -> "out".equals(n.text("direction"))
                                && frozen.arguments().path("body_text").asText().equals(n.text("body_text"))))
                .hasSize(1);
        assertThat(approvals.reports(frozen.proposalId()))
                .extracting(r -> r.status())
                .containsOnly(ProposalStatus.EXECUTED);
    }

    @Test
    void shouldHearOfEveryApprovalWhenTheirDoorbellsWereLost() throws Exception {
        // Given: more than one page of them
        List<FrozenCall> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(propose(graph.thread("Lost doorbell " + i), "Nobody rang " + i + "."));
        }
        all.forEach(approvals::approve);
        for (FrozenCall frozen : all) {
            awaitReported(frozen, ProposalStatus.EXECUTED);
            onlyMail(frozen);
        }
    }

    @Test
    void shouldReportStaleWithTheDifferenceWhenAFactHasChanged() throws Exception {
        // Given
        FakeGraph.Thread thread = graph.thread("Stale");
        FrozenCall frozen = propose(thread, "This is outdated.");
        graph.touch(thread.conversation().id(), Map.of("last_message_at", "2026-11-20T11:00:00Z"));
        approvals.approve(frozen);
        // When
        Approved.ring(frozen);
        // Then
        awaitReported(frozen, ProposalStatus.STALE);
        JsonNode difference =
                approvals.reports(frozen.proposalId()).getFirst().result().at("/differences/0");
        assertThat(difference.path("node_id").asText())
                .isEqualTo(thread.conversation().id());
        assertThat(difference.at("/changes/0/path").asText()).isEqualTo("last_message_at");
        assertThat(sent(frozen)).isEmpty();
    }

    @Test
    void shouldReportStaleWhenAFactHasChangedBeforeItIsTriedAgain() throws Exception {
        // Given: it was begun and did not leave
        FakeGraph.Thread thread = graph.thread("Stale meanwhile");
        FrozenCall frozen = propose(thread, "This was right an hour ago.");
        steps.crashAfter(Step.INTENT, frozen.callId());
        approvals.approve(frozen);
        Approved.ring(frozen);
        await().atMost(PATIENCE).until(() -> steps.crashed(frozen.callId()));
        // When
        graph.touch(thread.conversation().id(), Map.of("last_message_at", "2026-11-20T11:00:00Z"));
        // Then
        awaitReported(frozen, ProposalStatus.STALE);
        assertThat(approvals
                        .reports(frozen.proposalId())
                        .getFirst()
                        .result()
                        .at("/differences/0/changes/0/path")
                        .asText())
                .isEqualTo("last_message_at");
        assertThat(sent(frozen)).isEmpty();
    }

    @Test
    void shouldSendNothingWhenWhatWasApprovedIsNotWhatWasFrozen() throws Exception {
        // Given
        FrozenCall frozen = propose(graph.thread("Swapped"), "The approved words.");
        FrozenCall swapped = new FrozenCall(
                frozen.proposalId(),
                frozen.callId(),
                frozen.revision(),
                frozen.tool(),
                frozen.agent(),
                frozen.risk(),
                frozen.arguments(),
                "0".repeat(64),
                frozen.rendering(),
                frozen.facts(),
                frozen.tainted(),
                frozen.taskId(),
                frozen.sessionId(),
                frozen.conversationId(),
                frozen.interactionId(),
                frozen.businessKey(),
                frozen.createdAt());
        approvals.approve(swapped);
        // When
        Approved.ring(frozen);
        // Then
        awaitReported(frozen, ProposalStatus.FAILED);
        assertThat(approvals.reports(frozen.proposalId()).getFirst().reason()).contains("digest");
        assertThat(sent(frozen)).isEmpty();
    }

    @Test
    void shouldWaitWhenAGuardianIsSilent() throws Exception {
        // Given
        FrozenCall frozen = propose(graph.thread("Guardians"), "Only under watch.");
        Scope scope = Scope.of("main", "system:tool-registry", "test");
        sql.run(
                scope,
                tx -> tx.execute(
                        "UPDATE heartbeats SET at = clock_timestamp() - interval '11 seconds' WHERE component = 'watchdog'"));
        approvals.approve(frozen);
        // When
        Approved.ring(frozen);
        // Then: claimed, and nothing more
        await().atMost(PATIENCE).until(() -> approvals.status(frozen.proposalId()) == ProposalStatus.EXECUTING);
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(5))
                .until(() -> sent(frozen).isEmpty());
        Fleet.guardiansLive();
        awaitReported(frozen, ProposalStatus.EXECUTED);
        onlyMail(frozen);
    }

    @Test
    void shouldWaitForTheGraphWhenTheMailHasLeftAlready() throws Exception {
        // Given: the graph goes away as soon as the mail is out
        FrozenCall frozen = propose(graph.thread("Graph away"), "Recorded later.");
        steps.crashAfter(Step.DONE, frozen.callId());
        approvals.approve(frozen);
        Approved.ring(frozen);
        await().atMost(PATIENCE).until(() -> steps.crashed(frozen.callId()));
        graph.down(true);
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(3))
                .until(() -> approvals.reports(frozen.proposalId()).isEmpty());
        // When
        graph.down(false);
        // Then
        awaitReported(frozen, ProposalStatus.EXECUTED);
        onlyMail(frozen);
    }

    @Test
    void shouldRefuseASecondAnswerWhenTheFirstHasLeft() throws Exception {
        // Given
        FakeGraph.Thread thread = graph.thread("Again");
        FrozenCall frozen = propose(thread, "The answer.");
        approvals.approve(frozen);
        Approved.ring(frozen);
        awaitReported(frozen, ProposalStatus.EXECUTED);
        Events.publish("proposal.executed", frozen.proposalId(), Approved.event(frozen));
        // When: somebody drafts the same answer again
        ToolResult second = Fleet.wake("chief").call("email_send", thread.answer("Another answer."));
        ToolResult owner = Fleet.owner("email_send", "owner-" + UUID.randomUUID(), thread.answer("Mine."));
        // Then
        assertThat(second.error().code()).isEqualTo("duplicate");
        assertThat(owner.error().code()).isEqualTo("duplicate");
        onlyMail(frozen);
    }

    @Test
    void shouldSendAtOnceWhenThePersonAsks() throws Exception {
        FakeGraph.Thread thread = graph.thread("By hand");
        String id = "owner-" + UUID.randomUUID();
        ToolResult first = Fleet.owner("email_send", id, thread.answer("From the owner."));
        ToolResult again = Fleet.owner("email_send", id, thread.answer("From the owner."));
        assertThat(first.status()).as("%s", first).isEqualTo(CallStatus.DONE);
        assertThat(again).isEqualTo(first);
        assertThat(sentDirectory(first.data().path("message_id").asText())).hasSize(1);
    }

    private FrozenCall propose(FakeGraph.Thread thread, String body) {
        ToolResult result = Fleet.wake("chief").call("email_send", thread.answer(body));
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.PROPOSED);
        return Json.read(
                Fleet.as("user:owner")
                        .get("/v1/frozen-calls/{id}", result.proposalId())
                        .asString(),
                FrozenCall.class);
    }

    private void awaitReported(FrozenCall frozen, ProposalStatus status) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            Fleet.guardiansLive();
            return !approvals.reports(frozen.proposalId()).isEmpty();
        });
        assertThat(approvals.reports(frozen.proposalId()).getFirst().status()).isEqualTo(status);
    }

    private static MimeMessage onlyMail(FrozenCall frozen) throws Exception {
        List<Path> mails = sent(frozen);
        assertThat(mails).hasSize(1);
        try (InputStream in = Files.newInputStream(mails.getFirst())) {
            return new MimeMessage(Session.getInstance(new Properties()), in);
        }
    }

    private static List<Path> sent(FrozenCall frozen) throws Exception {
        return sentDirectory(messageId(frozen));
    }

    private static String messageId(FrozenCall frozen) {
        return org.capitania.registry.freezing.Canonical.sha256(frozen.businessKey())
                .substring(0, 32);
    }

    private static List<Path> sentDirectory(String messageId) throws Exception {
        String stem = messageId.replaceAll("^<|@.*$", "");
        try (Stream<Path> files = Files.list(TestKafka.shared().sentMail())) {
            return files.filter(f -> f.getFileName().toString().startsWith(stem))
                    .toList();
        }
    }
}
