package org.capitania.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The six steps of the README: a mail comes in, one threaded answer leaves once the owner has said so. */
class MainJobIT {
    private static FleetUnderTest fleet;
    private static Company company;

    @BeforeAll
    static void up() {
        fleet = FleetUnderTest.shared();
        company = new Company(fleet);
    }

    @Test
    void shouldSendOneThreadedAnswerWhenTheOwnerApproves() throws Exception {
        // Given: a mail of a known customer
        Mail mail = Mail.from("Ana Silva <ana.silva@moinho.example>").subject("Opening hours in December");
        // When
        JsonNode stored = company.ingest(mail);
        JsonNode proposal =
                company.pendingProposalFor(stored.path("conversation").asText());
        // Then: nothing has left, and what waits is the frozen call
        assertThat(company.sentIn(mail)).isEmpty();
        assertThat(proposal.path("tool").asText()).isEqualTo("email_send");
        assertThat(proposal.path("agent").asText()).isEqualTo("agent:chief");
        assertThat(proposal.path("arguments").path("to").toString()).contains("ana.silva@moinho.example");
        // When
        company.approve(proposal);
        // Then
        company.awaitStatus(proposal, "executed");
        List<String> sent = company.sentIn(mail);
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst())
                .contains("In-Reply-To: " + mail.messageId())
                .contains("To: ")
                .contains("ana.silva@moinho.example");
        assertThat(sent.getFirst().replaceAll("\r?\n[ \t]+", " ")).contains("References: " + mail.messageId());
        assertThat(sent.getFirst())
                .contains("From: =?UTF-8?Q?Mar=C3=A9_Alta_Books?= <" + FleetUnderTest.COMPANY_ADDRESS + ">");
        // And the answer is an interaction of the same conversation
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(company.interactionsOf(
                                stored.path("conversation").asText()))
                        .hasSize(2)
                        .anySatisfy(i -> assertThat(
                                        i.path("props").path("direction").asText())
                                .isEqualTo("out")));
        // And it is their turn now
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                company.turnOf(stored.path("conversation").asText()))
                        .containsExactly("theirs"));
        // And a copy of it that comes in is that same interaction, which nobody answers
        int waiting = company.proposals("pending").size();
        company.ingest(sent.getFirst().getBytes(StandardCharsets.ISO_8859_1));
        assertThat(company.interactionsOf(stored.path("conversation").asText())).hasSize(2);
        // And the trace tells what chief did, in order
        assertThat(company.toolsOf(proposal.path("task_id").asText()))
                .containsSubsequence("email_thread_read", "hq_agent", "email_send");
        // And each call of its model says what it had read, and can be shown again as it was
        String task = proposal.path("task_id").asText();
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(fleet.hq("trace", "inputs", task, "--json")
                                .data()
                                .findValuesAsText("type"))
                        .contains("conversation", "interaction"));
        JsonNode replay = fleet.hq("trace", "replay", task, "--json").data();
        assertThat(replay.path("unchanged").asBoolean()).as("%s", replay).isTrue();
        assertThat(replay.at("/messages/1/text").asText()).startsWith("# Session context reconstruction");
        assertThat(fleet.hq("trace", "explain", task, "--json").data().toString())
                .contains("agent:chief");
        assertThat(company.nodes("type=agent_run&prop.task_id=" + task)).hasSize(1);
        // And each step was an event
        assertThat(company.eventTypes())
                .contains(
                        "email.received",
                        "agent.wake",
                        "agent.message",
                        "proposal.frozen",
                        "proposal.approved",
                        "proposal.executed");
        // And history says who and why
        JsonNode history =
                fleet.hq("history", stored.path("slug").asText(), "--json").data();
        assertThat(history.toString()).contains("worker:email_ingest");
        assertThat(company.proposals("pending")).hasSize(waiting);
    }

    @Test
    void shouldSendWhatTheOwnerWroteWhenTheDraftWasEdited() throws Exception {
        Mail mail = Mail.from("Rui Costa <rui@moinho.example>").subject("Invoice copy");
        JsonNode proposal = company.pendingProposalFor(
                company.ingest(mail).path("conversation").asText());
        var arguments = (com.fasterxml.jackson.databind.node.ObjectNode)
                proposal.path("arguments").deepCopy();
        arguments.put("body_text", "Dear Rui, the copy follows on Monday. The owner");
        var file = Files.writeString(fleet.home().resolve("edit.json"), arguments.toString());
        // When
        assertThat(fleet.hq("proposal", "approve", proposal.path("id").asText(), "--edit", file.toString(), "--json")
                        .exit())
                .isZero();
        // Then
        company.awaitStatus(proposal, "executed");
        assertThat(company.sentIn(mail)).singleElement().asString().contains("the copy follows on Monday");
    }

    @Test
    void shouldSendNothingWhenTheOwnerRejects() throws Exception {
        Mail mail = Mail.from("Eva Martins <eva@moinho.example>").subject("Discount");
        JsonNode proposal = company.pendingProposalFor(
                company.ingest(mail).path("conversation").asText());
        assertThat(fleet.hq("proposal", "reject", proposal.path("id").asText(), "--reason", "not now", "--json")
                        .exit())
                .isZero();
        company.awaitStatus(proposal, "rejected");
        assertThat(company.sentIn(mail)).isEmpty();
        // And a second decision is refused
        assertThat(fleet.hq("proposal", "approve", proposal.path("id").asText(), "--json")
                        .exit())
                .isEqualTo(1);
    }

    @Test
    void shouldStillHaveEverythingWhenTheFleetWasStoppedAndStarted() throws Exception {
        Mail mail = Mail.from("Ana Silva <ana.silva@moinho.example>").subject("Before the stop");
        JsonNode stored = company.ingest(mail);
        JsonNode proposal =
                company.pendingProposalFor(stored.path("conversation").asText());
        // When
        fleet.down();
        fleet.up();
        // Then
        JsonNode again = company.proposal(proposal.path("id").asText());
        assertThat(again.path("status").asText()).isEqualTo("pending");
        assertThat(again.path("arguments")).isEqualTo(proposal.path("arguments"));
        company.approve(proposal);
        company.awaitStatus(proposal, "executed");
        assertThat(company.sentIn(mail)).hasSize(1);
    }
}
