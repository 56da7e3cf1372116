package org.capitania.contract.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.capitania.contract.Json;
import org.capitania.contract.api.ReviewList;
import org.capitania.contract.event.AgentMessage.Kind;
import org.capitania.contract.event.AgentWake.AgentTask;
import org.capitania.contract.event.EmailReceived.Classification;
import org.capitania.contract.event.EmailReceived.Mailbox;
import org.capitania.contract.event.FrozenCall.Fact;
import org.capitania.contract.event.FrozenCall.Rendering;
import org.capitania.contract.event.OwnerDecided.Decision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The wire form of every event is pinned by a golden file; a renamed component breaks here before it breaks a consumer. */
class EventGoldenTest {
    private static final Instant AT = Instant.parse("2026-11-21T08:30:00Z");
    private static final JsonNode ARGS =
            JsonNodeFactory.instance.objectNode().put("subject", "Re: Hours").put("body_text", "Olá");

    static Stream<Object> events() {
        Event event = new Event(
                "ingest:7",
                "email.received",
                "/ingest-workers",
                "c-1",
                AT,
                "main",
                "worker:email_ingest",
                "mail came in",
                "cause",
                "corr",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "c-1",
                ARGS);
        return Stream.of(
                event,
                new EmailReceived(
                        "e-1",
                        "<m1@aurora.example>",
                        "i-1",
                        "interaction-hours",
                        "c-1",
                        "k-1",
                        "n-1",
                        new Mailbox("ana@aurora.example", "Ana"),
                        List.of(new Mailbox("hello@capitania.example", null)),
                        List.of(),
                        "Hours",
                        Classification.MAILING_LIST,
                        false,
                        2,
                        AT),
                new GraphChanged("update", "n-1", 3, ARGS, 17, AT),
                new FrozenCall(
                        "p-1",
                        "s:2:0",
                        1,
                        "email_send",
                        "agent:chief",
                        "outbound",
                        ARGS,
                        "ab12",
                        new Rendering(
                                "Reply to Ana",
                                List.of("ana@aurora.example"),
                                "Re: Hours",
                                "Olá",
                                "# Reply",
                                List.of("look twice")),
                        List.of(new Fact("i-1", 1)),
                        true,
                        "t-1",
                        "s-1",
                        "c-1",
                        "i-1",
                        "cd34",
                        AT),
                new ReviewChanged(
                        "r-1",
                        "resolved",
                        "conflict",
                        "Two addresses",
                        "n-1",
                        "worker:triage",
                        "opt-1",
                        "the newer one",
                        null,
                        "user:owner",
                        "budget:chief:2026-11-21",
                        AT),
                new ProposalChanged(
                        "p-1",
                        "executed",
                        2,
                        "ab12",
                        "email_send",
                        "agent:chief",
                        "t-1",
                        "c-1",
                        "user:owner",
                        null,
                        ARGS,
                        AT),
                new OwnerDecided("p-1", Decision.APPROVE, 2, "ab12", "user:owner", "fine", AT),
                new OwnerEdited(
                        "p-1", "email_send", "agent:chief", 2, ARGS, ARGS, "t-1", "c-1", "user:owner", "warmer", AT),
                new OwnerGraded("a-1", "s:2:0", "t-1", "bad", "ask first", "user:owner", AT),
                new AgentWake(
                        "w-1",
                        "r-1",
                        4,
                        "chief",
                        "a mail came in",
                        1,
                        List.of(new AgentTask("t-1", "c-1", true, List.of(event)))),
                new AgentMessage(
                        "m-1",
                        Kind.ASK,
                        "agent:chief",
                        "operator",
                        "Which plan?",
                        "t-1",
                        "c-1",
                        true,
                        "r-2",
                        4,
                        AT,
                        "s-1:2:1"),
                new AgentReply("m-1", "agent:operator", "agent:chief", "Silver", false, "t-1"),
                new AgentSession(
                        "s-1", "t-1", "chief", "r-1", "rehearsal", 4, new BigDecimal("0.0125"), "finished", "drafted"),
                new AgentStateChanged("chief", "warm", "cold", "woken"),
                new InteractionCreated("i-1", "interaction-hours", "c-1"),
                new ProspectCreated("n-1", "entity-aurora", "Aurora Lda"),
                new StatusChanged("g-1", "engagement-site", "discovery", "proposal"),
                new TextChanged("n-1", "memo", "ab12"),
                new TaskAssigned("t-1", "task-call-ana", "p-1", "hq:agent:operator", "operator"),
                new TemperatureChanged("n-1", "entity-frama", "warm", "hot", new BigDecimal("0.75")),
                new InteractionOverdue("t-1", "c-1", "conversation-hours", AT, AT),
                new ObligationDue("x-1", "expectation-plan", "commitment_made", "we_owe", "blocker", AT),
                new BeatFired("chief_brief", "chief", AT, 2, "Europe/Lisbon"),
                new MeetingDue(
                        "v-1",
                        "Kick-off",
                        AT,
                        AT,
                        "Europe/Lisbon",
                        "pt-PT",
                        List.of(new MeetingDue.Guest("ana@aurora.example", "Ana", "k-1"))),
                new ObligationMaterialised("x-2", "expectation-plan-2", "x-1", "we_owe", AT),
                new HistoryRemoved("node", 7, 400, AT),
                new BudgetWarning(
                        "chief",
                        LocalDate.parse("2026-11-21"),
                        new BigDecimal("2.51"),
                        new BigDecimal("2.50"),
                        new BigDecimal("7")),
                new ReviewRequested(
                        "provider:anthropic:2026-11-21",
                        "provider",
                        "anthropic refuses our key",
                        "correct it",
                        List.of(new ReviewList.Option("done", "It is done"))),
                new BudgetRaised("chief", new BigDecimal("14.25"), "user:owner"),
                new ProposalRequested(
                        "schema_change",
                        "Keep the delivery window of an entity",
                        Json.tree(Map.of("conversation_id", "c-1")),
                        "agent:chief",
                        true),
                new ReviewWithdrawn("provider:anthropic:2026-11-21", "the key works"),
                new AutonomyFrozen("call-7", "a customer got the wrong mail", "user:owner", AT, AT),
                new AutonomyThawed("user:owner", "looked at", AT, List.of("call-7")),
                new OwnerDm("m-2", "user:owner", "chief", "Call Ana first"),
                new AgentTaskFailed("t-1", "chief", "c-1", 5, "user:owner", "the lease ran out"),
                new SubagentLeaked("sub-1", "s-1", "t-1", "chief", "explore"),
                new GuardianChanged("watchdog", "down", AT),
                new AgentIncident("x-1", "run_without_progress", "soft", "chief", "t-1", "no call for ten minutes"),
                new LedgerAction(
                        "s:2:0",
                        "agent:chief",
                        "s-1",
                        "t-1",
                        null,
                        "email_send",
                        "proposed",
                        ARGS,
                        ARGS,
                        "rehearsal",
                        new BigDecimal("0"),
                        12L,
                        AT,
                        "user:owner",
                        "email_send",
                        "conversation",
                        "c-1",
                        "evt-1",
                        List.of("x-1"),
                        "canary-1",
                        "user:ana"),
                new LedgerHead("agent_actions", 7, "ab12", AT),
                new LlmCall(
                        "s:2",
                        "agent:chief",
                        "s-1",
                        "t-1",
                        "anthropic",
                        "a-model",
                        900,
                        80,
                        700,
                        0,
                        new BigDecimal("0.0031"),
                        850,
                        "ok",
                        AT,
                        "turn",
                        "canary-1"));
    }

    @ParameterizedTest
    @MethodSource("events")
    void shouldKeepItsWireFormWhenWrittenAndRead(Object event) throws IOException {
        // Given
        String name = event.getClass().getSimpleName() + ".json";
        // When
        String written = Json.write(event);
        // Then
        assertThat(Json.MAPPER.readTree(written))
                .as("wire form of %s: %s", name, written)
                .isEqualTo(golden(name));
        assertThat((Object) Json.read(written, event.getClass())).isEqualTo(event);
    }

    private static JsonNode golden(String name) throws IOException {
        try (InputStream file = EventGoldenTest.class.getResourceAsStream("/golden/" + name)) {
            return file == null ? JsonNodeFactory.instance.missingNode() : Json.MAPPER.readTree(file);
        }
    }
}
