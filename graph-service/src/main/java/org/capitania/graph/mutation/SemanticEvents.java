package org.capitania.graph.mutation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.capitania.contract.event.InteractionCreated;
import org.capitania.contract.event.ProspectCreated;
import org.capitania.contract.event.StatusChanged;
import org.capitania.contract.event.TaskAssigned;
import org.jspecify.annotations.Nullable;

/** The events that graph-service owes to what a batch does ({@code events.md}); written in its transaction, so never without their cause. */
final class SemanticEvents {
    private static final String OUR_AGENTS = "hq:agent:";

    private SemanticEvents() {}

    static List<Plan.Event> of(Collection<Draft> nodes, Collection<EdgeDraft> edges) {
        List<Plan.Event> events = new ArrayList<>();
        for (Draft node : nodes) {
            switch (node.type) {
                case "interaction" -> {
                    if (node.fresh()) {
                        events.add(event(
                                InteractionCreated.TYPE,
                                node.id,
                                null,
                                new InteractionCreated(node.id.toString(), node.slug, conversation(node, edges))));
                    }
                }
                case "entity" -> {
                    if (node.fresh() && "prospect".equals(node.status)) {
                        events.add(event(
                                ProspectCreated.TYPE,
                                node.id,
                                null,
                                new ProspectCreated(
                                        node.id.toString(),
                                        node.slug,
                                        node.props.path("name").asText())));
                    }
                }
                case "engagement" -> moved(events, StatusChanged.ENGAGEMENT_STAGE, node, null);
                case "feature" -> moved(events, StatusChanged.FEATURE_STATUS, node, node.status);
                default -> {}
            }
        }
        for (EdgeDraft edge : edges) {
            if (edge.type().name().equals("driven_by") && edge.from().type.equals("task")) {
                String subject = assignee(edge.to());
                events.add(event(
                        TaskAssigned.TYPE,
                        edge.from().id,
                        subject,
                        new TaskAssigned(
                                edge.from().id.toString(),
                                edge.from().slug,
                                edge.to().id.toString(),
                                edge.to().slug,
                                subject)));
            }
        }
        return events;
    }

    private static void moved(List<Plan.Event> events, String type, Draft node, @Nullable String subject) {
        if (!node.fresh() && node.status != null && !Objects.equals(node.statusBefore(), node.status)) {
            events.add(event(
                    type,
                    node.id,
                    subject,
                    new StatusChanged(node.id.toString(), node.slug, node.statusBefore(), node.status)));
        }
    }

    private static @Nullable String conversation(Draft interaction, Collection<EdgeDraft> edges) {
        for (EdgeDraft edge : edges) {
            if (edge.from() == interaction
                    && edge.type().name().equals("part_of")
                    && edge.to().type.equals("conversation")) {
                return edge.to().id.toString();
            }
        }
        return null;
    }

    /** {@code operator}, {@code project:<slug>}, or a contact's slug. */
    private static String assignee(Draft who) {
        return who.slug.startsWith(OUR_AGENTS) ? who.slug.substring(OUR_AGENTS.length()) : who.slug;
    }

    private static Plan.Event event(String type, UUID key, @Nullable String subject, Object payload) {
        return new Plan.Event(Topics.of(type), type, key.toString(), subject, Json.tree(payload));
    }
}
