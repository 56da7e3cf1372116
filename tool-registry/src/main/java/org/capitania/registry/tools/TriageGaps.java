package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.Gap;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.Batch;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.servicekit.Peers;
import org.jspecify.annotations.Nullable;

/**
 * Puts what is missing on the list of tasks, the worst and oldest first: one task a gap while one is open, driven by the agent on whose side the
 * gap is. A task whose gap is gone is closed. Which gap a task is for stands in its tag, and in its external id, which two writers cannot both take.
 */
@ApplicationScoped
class TriageGaps {
    private static final String TAG = "gap:";
    private static final List<String> OPEN = List.of("open", "in_progress", "blocked");
    private static final Map<String, String> PRIORITIES =
            Map.of("blocker", "now", "impactful", "next", "nice", "backlog");
    private static final List<String> WORST_FIRST = List.of("blocker", "impactful", "nice");
    /** What an edge about may lead to. */
    private static final Set<String> SUBJECTS = Set.of(
            "entity",
            "project",
            "feature",
            "engagement",
            "contact",
            "interaction",
            "conversation",
            "task",
            "document",
            "invoice",
            "producer");

    private static final int ROWS = 500;
    private static final int TASKS = 1000;
    private static final int LONGEST_TITLE = 200;

    /** A row of a gap. */
    private record Missing(Gap.Page gap, Gap row) {
        String key() {
            return TAG + gap.name() + ":" + row.nodeIds().getFirst();
        }

        int rank() {
            int rank = WORST_FIRST.indexOf(row.severity());
            return rank < 0 ? WORST_FIRST.size() : rank;
        }
    }

    private final Peers peers;
    private final Graph graph;
    private final Writes writes;
    private final Persons persons;
    private final Clock clock;

    TriageGaps(Peers peers, Graph graph, Writes writes, Persons persons, Clock clock) {
        this.peers = peers;
        this.graph = graph;
        this.writes = writes;
        this.persons = persons;
        this.clock = clock;
    }

    Result triage(Call call) {
        Map<String, NodeView> open = open(call);
        List<Gap.Page> pages = pages(call, open.keySet());
        int closed = close(call, open, pages);
        List<Missing> missing = new ArrayList<>();
        pages.forEach(page -> page.items().forEach(row -> missing.add(new Missing(page, row))));
        // A task of ours that stands still is not helped by a task about it.
        Set<String> ours = open.values().stream().map(NodeView::id).collect(Collectors.toSet());
        missing.removeIf(gap -> ours.contains(gap.row().nodeIds().getFirst()));
        missing.sort(Comparator.comparingInt(Missing::rank)
                .thenComparing(gap -> gap.row().since()));
        ObjectNode data = Json.MAPPER.createObjectNode();
        ArrayNode items = data.putArray("items");
        Set<String> outside = new LinkedHashSet<>();
        int most = call.number("limit", 5);
        int made = 0;
        int left = 0;
        boolean tainted = writes.tainted(call);
        for (Missing gap : missing) {
            boolean listed = open.containsKey(gap.key());
            if (!listed && made == most) {
                left++;
            } else if (!listed) {
                MutationResult.OpResult task =
                        create(call, gap, tainted || gap.row().tainted());
                made += task.created() ? 1 : 0;
                items.addObject()
                        .put("name", gap.gap().name())
                        .put("severity", gap.row().severity())
                        .put("title", gap.row().sentence())
                        .put("slug", task.slug());
                if (gap.row().tainted()) {
                    outside.add("node:" + gap.row().nodeIds().getFirst());
                }
            }
        }
        data.put("made", made)
                .put("closed", closed)
                .put("open", open.size() - closed + made)
                .put("left", left);
        return Result.of(data).taintedBy(List.copyOf(outside));
    }

    /** The tasks that are not finished, by the gap each is for. */
    private Map<String, NodeView> open(Call call) {
        Map<String, NodeView> open = new HashMap<>();
        NodeQuery query = NodeQuery.ofType("task").prop("kind", "ops").status(OPEN.toArray(String[]::new));
        for (NodeView task : graph.all(call.scope(), query, TASKS)) {
            task.tags().stream().filter(tag -> tag.startsWith(TAG)).forEach(tag -> open.put(tag, task));
        }
        return open;
    }

    /** The gaps that were asked for, or all that have rows or tasks. */
    private List<Gap.Page> pages(Call call, Set<String> keys) {
        String only = call.textOrNull("name");
        if (only != null) {
            return List.of(page(call, only));
        }
        Set<String> known = keys.stream().map(TriageGaps::gapOf).collect(Collectors.toSet());
        return peers.get(Service.GRAPH_SERVICE, "/v1/gaps", call.scope(), Gap.Summaries.class).items().stream()
                .filter(gap -> gap.count() > 0 || known.contains(gap.name()))
                .map(gap -> page(call, gap.name()))
                .toList();
    }

    private Gap.Page page(Call call, String name) {
        return peers.get(Service.GRAPH_SERVICE, "/v1/gaps/" + name + "?limit=" + ROWS, call.scope(), Gap.Page.class);
    }

    private static String gapOf(String key) {
        return key.substring(TAG.length(), key.lastIndexOf(':'));
    }

    /** Closes the tasks whose gap is gone; of a gap with more rows than were read nothing can be said. */
    private int close(Call call, Map<String, NodeView> open, List<Gap.Page> pages) {
        Map<String, Set<String>> rows = new HashMap<>();
        pages.stream()
                .filter(page -> page.next() == null)
                .forEach(page -> rows.put(
                        page.name(),
                        page.items().stream()
                                .map(row -> new Missing(page, row).key())
                                .collect(Collectors.toSet())));
        Batch batch = new Batch();
        int closed = 0;
        for (Map.Entry<String, NodeView> task : open.entrySet()) {
            @Nullable Set<String> there = rows.get(gapOf(task.getKey()));
            if (there != null && !there.contains(task.getKey())) {
                batch.patch(
                        task.getValue().id(),
                        patch -> patch.status("done")
                                .prop("done_at", clock.instant().toString())
                                .prop("outcome_md", "What was missing is there."));
                closed++;
            }
        }
        if (closed > 0) {
            graph.change(call.scope(), "call:" + call.callId() + ":healed", batch);
        }
        return closed;
    }

    private MutationResult.OpResult create(Call call, Missing gap, boolean tainted) {
        String key = gap.key();
        // The gap has come back if there was a task before: then this is the next one.
        String before = graph
                .find(call.scope(), NodeQuery.ofType("task").tag(key).limit(1))
                .stream()
                .findFirst()
                .map(NodeView::id)
                .orElse("first");
        String title = "Resolve: " + gap.row().sentence();
        Batch batch = new Batch()
                .create(
                        "task",
                        "task",
                        task -> task.externalIfAbsent("gap", key + ":" + before)
                                .tag(key)
                                .priority(PRIORITIES.getOrDefault(gap.row().severity(), "next"))
                                .tainted(tainted)
                                .prop(
                                        "title",
                                        title.length() <= LONGEST_TITLE
                                                ? title
                                                : title.substring(0, LONGEST_TITLE - 1) + "…")
                                .prop(
                                        "description_md",
                                        gap.row().sentence() + "\n\n"
                                                + gap.gap().description() + "\n\nIt is done when `"
                                                + gap.gap().name() + "` does not show it any more.")
                                .prop("kind", "ops")
                                .prop("urgency", gap.row().severity()));
        if (SUBJECTS.contains(gap.row().type())) {
            batch.link("@task", "about", gap.row().nodeIds().getFirst());
        }
        persons.id(call.scope(), gap.gap().agent()).ifPresent(driver -> batch.link("@task", "driven_by", driver));
        return graph.change(call.scope(), "call:" + call.callId() + ":" + key, batch)
                .results()
                .getFirst();
    }
}
