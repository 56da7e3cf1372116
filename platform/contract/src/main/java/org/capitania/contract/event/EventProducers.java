package org.capitania.contract.event;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.Service;

/** Which service says what: each event type has one producer ({@code events.md}), and what another sends in its name is refused. */
public final class EventProducers {
    private static final Map<Service, Set<String>> TYPES = Map.of(
            Service.GRAPH_SERVICE,
            Set.of(
                    "interaction.created",
                    "interaction.overdue",
                    "entity.temperature_changed",
                    "engagement.stage_changed",
                    "prospect.created",
                    "feature.status_changed",
                    "task.assigned_to",
                    "obligation.due",
                    "obligation.materialised",
                    "nodes.text_changed"),
            Service.INGEST_WORKERS,
            Set.of(
                    "email.received",
                    "email.thread.updated",
                    "interaction.enriched",
                    "customer.churn_signal",
                    "customer.expand_signal",
                    "producer.unmapped",
                    "event.unclassified",
                    "finance.anomaly",
                    "kb.ingest.completed",
                    "calendar.external_changed"),
            Service.TOOL_REGISTRY,
            Set.of(
                    "proposal.draft_requested",
                    "proposal.requested",
                    "proposal.frozen",
                    "review.requested",
                    "review.withdrawn",
                    "autonomy.frozen",
                    "autonomy.thawed",
                    "autonomy.budget_raised",
                    "calendar.meeting_due"),
            Service.APPROVAL_SERVICE,
            Set.of(
                    "review.opened",
                    "review.resolved",
                    "review.deferred",
                    "owner.decided",
                    "owner.edited",
                    "owner.graded"),
            Service.SUPERVISOR,
            Set.of("agent.message", "agent.reply", "agent.state_changed", "owner.dm", "beat.fired"),
            Service.WATCHDOG,
            Set.of("agent_incident.created", "alert.fired", "alert.cleared"));

    private EventProducers() {}

    /** The semantic event types that are a service's own; the change streams of the graph and of the ledger are apart. */
    public static Set<String> of(Service service) {
        return TYPES.getOrDefault(service, Set.of());
    }

    /** Whether the holder of this key may send events of this type with a change of the graph. */
    public static boolean mayEmit(String principal, String type) {
        return serviceOf(principal).map(service -> of(service).contains(type)).orElse(false);
    }

    /** The service a principal belongs to; the workers live in ingest-workers. */
    private static Optional<Service> serviceOf(String principal) {
        if (principal.startsWith("worker:")) {
            return Optional.of(Service.INGEST_WORKERS);
        }
        for (Service service : Service.values()) {
            if (principal.equals("system:" + service.wireName())) {
                return Optional.of(service);
            }
        }
        return Optional.empty();
    }
}
