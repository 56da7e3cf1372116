package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
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
public final class SemanticEvents {
    private static final String OUR_AGENTS = "hq:agent:";
    private static final String PROSPECT = "prospect";

    private SemanticEvents() {}

    static List<Plan.Event> of(Collection<Draft> nodes, Collection<EdgeDraft> edges, Instant now) {
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
                    if (isProspect(node.status, node.props) && !node.wasSo(SemanticEvents::isProspect)) {
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
            if (edge.type().name().equals("driven_by") && edge.from().type.equals("task") && !edge.endedBy(now)) {
                TaskAssigned event = assigned(edge.from().id, edge.from().slug, edge.to().id, edge.to().slug);
                events.add(event(TaskAssigned.TYPE, edge.from().id, event.assignee(), event));
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

    /** That a task has a driver; an agent of ours is named by its role. */
    public static TaskAssigned assigned(UUID task, String taskSlug, UUID who, String slug) {
        String name = slug.startsWith(OUR_AGENTS) ? slug.substring(OUR_AGENTS.length()) : slug;
        return new TaskAssigned(task.toString(), taskSlug, who.toString(), slug, name);
    }

    /** By its status, or by what it is to us while nothing has come of it. */
    private static boolean isProspect(@Nullable String status, JsonNode props) {
        return PROSPECT.equals(status)
                || ("active".equals(status)
                        && props.path("relationship").asText().equals(PROSPECT));
    }

    private static Plan.Event event(String type, UUID key, @Nullable String subject, Object payload) {
        return new Plan.Event(Topics.of(type), type, key.toString(), subject, Json.tree(payload));
    }
}
