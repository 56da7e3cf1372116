package org.capitania.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Service;
import org.capitania.testkit.Events;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Each trigger of seeds 17.2 and 18.2, as both workspaces register them, once through the running fleet: the event, the wake, a session and
 * its end. Beats are fired by hand, the owner's messages go through {@code hq}, mails through ingest; of the rest, which mostly nobody emits
 * without its cause, the event is published as its producer would. Of the seeds' own words the calendar's webhook is
 * {@code calendar.external_changed}, the watched folders are {@code kb.ingest.completed} and {@code proposal.requested}, Wilson's inbox is
 * {@code owner.dm}.
 */
class TriggersIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static FleetUnderTest fleet;
    private static Company company;

    @BeforeAll
    static void up() {
        fleet = FleetUnderTest.shared();
        company = new Company(fleet);
    }

    @Test
    void shouldWakeAndFinishWhateverTheTriggerIs() throws Exception {
        // Given: something to speak of
        String since =
                fleet.rows(Service.SUPERVISOR, "SELECT clock_timestamp()::text").getFirst();
        Mail mail =
                Mail.from("Trigger Witness <trigger-witness@moinho.example>").subject("Opening hours, again");
        String conversation = company.ingest(mail).path("conversation").asText();
        company.pendingProposalFor(conversation);
        // When: everything happens at once
        Map<String, String> happened = new HashMap<>();
        happened.put("chief email.received", "");
        company.ingest(Mail.from("Trigger Witness <trigger-witness@moinho.example>")
                .subject("Re: Opening hours, again")
                .header("In-Reply-To", mail.messageId())
                .header("References", mail.messageId()));
        happened.put("chief email.thread.updated", "");
        events(conversation).forEach((trigger, event) -> {
            String[] words = trigger.split(" ");
            String subject = words.length > 2 ? words[2] : null;
            Events.publishTo(
                    fleet.bootstrap(), words[1], subject, UUID.randomUUID().toString(), event);
            happened.put(words[0] + " " + words[1], subject == null ? "" : subject);
        });
        for (String role : List.of("chief", "operator")) {
            ok("agent", "send", role, "What is the state of things?");
            happened.put(role + " owner.dm", "");
        }
        for (String beat : List.of("chief_brief", "operator_night", "operator_learning")) {
            ok("beat", "run", beat);
        }
        // Then: there is nothing in the workspaces that has not
        Map<String, String> triggers = new LinkedHashMap<>();
        for (String role : List.of("chief", "operator")) {
            triggers(role).forEach(trigger -> triggers.put(role + " " + trigger, role));
        }
        assertThat(triggers).hasSizeGreaterThan(25);
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            for (Map.Entry<String, String> trigger : triggers.entrySet()) {
                String pattern = trigger.getKey().split(" ")[1];
                assertThat(outcomes(trigger.getValue(), pattern, since))
                        .as("tasks of %s", trigger.getKey())
                        .isNotEmpty()
                        .allMatch(state -> state.equals("finished"));
            }
        });
        assertThat(triggers.keySet())
                .filteredOn(t -> !t.contains("beat.fired"))
                .allSatisfy(t -> assertThat(happened).containsKey(t.replaceAll("\\.(operator|project:\\*|\\*)$", "")));
        // And each was a session that said that it was done
        List<String> codes = List.of(Service.AGENT_CHIEF, Service.AGENT_OPERATOR).stream()
                .flatMap(agent -> fleet
                        .rows(
                                agent,
                                "SELECT DISTINCT code FROM " + agent.schema()
                                        + ".sessions WHERE purpose = 'task' AND closed_at IS NOT NULL AND opened_at >= '"
                                        + since + "'")
                        .stream())
                .toList();
        assertThat(codes).containsOnly("task_complete");
    }

    /** What became of a role's tasks with such an event. */
    private static List<String> outcomes(String role, String pattern, String since) {
        return fleet.rows(
                Service.SUPERVISOR,
                "SELECT t.state FROM fleet.tasks t JOIN fleet.task_events e USING (tenant_id, task_id) WHERE t.role = '"
                        + role + "' AND e.queued_at >= '" + since
                        + "' AND concat_ws('.', e.event ->> 'type', e.event ->> 'subject') || '.' LIKE '"
                        + pattern.replaceAll("\\.?\\*$", "").replace("_", "\\_") + "%'");
    }

    /** By role, type and subject; each with fields that its rehearsed procedure reads. */
    private static Map<String, Object> events(String conversation) {
        String entity = slug("entity");
        String task = slug("task");
        Map<String, Object> events = new LinkedHashMap<>();
        events.put("chief interaction.overdue", Map.of("conversation_id", conversation));
        events.put(
                "chief entity.temperature_changed",
                Map.of("slug", entity, "before", "hot", "after", "cool", "warmth", 0.3));
        events.put(
                "chief engagement.stage_changed",
                Map.of("slug", slug("engagement"), "before", "discovery", "after", "proposal"));
        events.put("chief prospect.created", Map.of("slug", entity, "name", "A prospect"));
        events.put(
                "chief customer.churn_signal",
                Map.of("entity_slug", entity, "summary", "They asked how to end the contract."));
        events.put(
                "chief customer.expand_signal", Map.of("entity_slug", entity, "summary", "They asked for more books."));
        events.put(
                "chief calendar.external_changed",
                Map.of(
                        "title", "Visit of the reading club",
                        "starts_at", "2026-12-01T10:00:00Z",
                        "change", "created",
                        "attendees", List.of(Map.of("email", "ana@moinho.example", "external", true))));
        events.put(
                "chief calendar.meeting_due",
                Map.of(
                        "event_id", UUID.randomUUID().toString(),
                        "title", "Visit of the reading club",
                        "starts_at", "2026-12-01T10:00:00Z",
                        "zone", "Europe/Lisbon",
                        "guests", List.of(Map.of("address", "ana@moinho.example", "name", "Ana"))));
        events.put(
                "chief proposal.draft_requested",
                Map.of(
                        "entity_slug",
                        entity,
                        "title",
                        "Books for the school",
                        "brief",
                        "Forty books, delivered in May."));
        for (String state : List.of("rejected", "failed", "stale", "unknown", "expired")) {
            events.put("chief proposal." + state, outcome(state, "chief", "email_send", conversation));
            if (!state.equals("expired")) {
                events.put("operator proposal." + state, outcome(state, "operator", "hq_entity", ""));
            }
        }
        events.put("chief obligation.due they_owe", owed("they_owe"));
        events.put("operator obligation.due we_owe", owed("we_owe"));
        events.put("operator producer.unmapped", Map.of("name", "a new shop", "source", "webhook"));
        events.put("operator event.unclassified", Map.of("summary", "Something came in.", "source", "webhook"));
        events.put("operator task.assigned_to operator", Map.of("task_slug", task, "assignee", "operator"));
        events.put("operator task.assigned_to project:none", Map.of("task_slug", task, "assignee", "project:none"));
        for (String kind : List.of("schema_change", "migration")) {
            events.put(
                    "operator proposal.requested " + kind,
                    Map.of(
                            "kind",
                            kind,
                            "summary",
                            "A new field",
                            "proposal_id",
                            UUID.randomUUID().toString()));
        }
        events.put(
                "operator feature.status_changed done",
                Map.of("slug", slug("feature"), "before", "doing", "after", "done"));
        events.put(
                "operator review.resolved",
                Map.of(
                        "review_id",
                        UUID.randomUUID().toString(),
                        "status",
                        "resolved",
                        "kind",
                        "duplicate",
                        "subject",
                        "duplicate:one:other"));
        events.put("operator kb.ingest.completed", Map.of("title", "How we open the shop", "summary", "New page."));
        events.put("operator finance.anomaly", Map.of("entity_slug", entity, "summary", "Paid twice."));
        events.put(
                "operator agent_incident.created",
                Map.of(
                        "incident_id",
                        UUID.randomUUID().toString(),
                        "check",
                        "probe",
                        "severity",
                        "soft",
                        "detail",
                        "A test."));
        events.put("operator alert.fired", Map.of("name", "probe", "summary", "A disk is filling up."));
        events.put("operator alert.cleared", Map.of("name", "probe", "summary", "There is room again."));
        return events;
    }

    private static Map<String, String> outcome(String state, String role, String tool, String conversation) {
        return Map.of(
                "proposal_id",
                UUID.randomUUID().toString(),
                "status",
                state,
                "agent",
                "agent:" + role,
                "tool",
                tool,
                "reason",
                "not now",
                "conversation_id",
                conversation);
    }

    private static Map<String, String> owed(String direction) {
        return Map.of(
                "slug", slug("expectation"), "kind", "sla", "direction", direction, "due_at", "2026-11-20T09:00:00Z");
    }

    private static String slug(String type) {
        return company.nodes("type=" + type + "&limit=1").stream()
                .map(node -> node.path("slug").asText())
                .findFirst()
                .orElse(type + ":none");
    }

    /** As {@code agent.md} has them. */
    private static List<String> triggers(String role) throws IOException {
        Path file = fleet.root().resolve("agent-" + role + "/workspace/agent.md");
        return Files.readString(file)
                .replaceFirst("(?s).*\n## Triggers\n", "")
                .replaceFirst("(?s)\n## .*", "")
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| Event"))
                .map(line -> line.split("\\|")[1].strip())
                .distinct()
                .toList();
    }

    private static void ok(String... words) {
        FleetUnderTest.Answer answer = fleet.hq(words);
        assertThat(answer.exit()).as(answer.toString()).isZero();
    }
}
