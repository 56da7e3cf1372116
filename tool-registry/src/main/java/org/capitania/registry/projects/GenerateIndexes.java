package org.capitania.registry.projects;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.files.GeneratedFiles;
import org.capitania.registry.files.OwnNotes;
import org.capitania.registry.graph.Graph;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Makes the two indexes that every session begins with: what the company and its projects are, and its deals, a line each. What came from outside
 * stands in neither: nobody outside may put words before both agents.
 */
@ApplicationScoped
class GenerateIndexes {
    private static final List<String> PRIORITIES = List.of("focus", "now", "next", "backlog");
    private static final int MOST = 200;

    /** Each costs a look at its customer; no more fit in the file. */
    private static final int DEALS = 30;

    private final Graph graph;
    private final GeneratedFiles files;

    GenerateIndexes(Graph graph, GeneratedFiles files) {
        this.graph = graph;
        this.files = files;
    }

    /** How many of the two were written. */
    int look(String tenant) {
        Scope scope = Scope.of(tenant, "system:tool-registry", "indexes, from the graph");
        int written = files.put(scope, OwnNotes.VENTURES, ventures(scope), false) ? 1 : 0;
        return written + (files.put(scope, OwnNotes.CUSTOMERS, customers(scope), false) ? 1 : 0);
    }

    private String ventures(Scope scope) {
        List<NodeView> own = clean(graph.find(
                scope, NodeQuery.ofType("entity").prop("relationship", "own").limit(MOST)));
        List<NodeView> projects = clean(graph.find(
                scope,
                NodeQuery.ofType("project")
                        .status("planned", "in_progress", "on_hold")
                        .limit(MOST)));
        projects.sort(Comparator.comparingInt(GenerateIndexes::rank).thenComparing(NodeView::slug));
        List<String> lines = new ArrayList<>();
        own.forEach(entity -> lines.add("- " + ProjectFacts.named(entity)));
        projects.forEach(project -> lines.add(
                "- " + line(ProjectFacts.named(project), project.status(), project.priority(), due(project))));
        return text("# Our company and its projects", lines, "hq_project list");
    }

    private String customers(Scope scope) {
        List<NodeView> deals = clean(graph.find(
                scope,
                NodeQuery.ofType("engagement")
                        .status("discovery", "proposal", "contract", "delivery", "partner")
                        .limit(MOST)));
        List<String> lines = deals.stream()
                .limit(DEALS)
                .map(deal -> "- " + line(ProjectFacts.named(deal), deal.status(), customer(scope, deal)))
                .toList();
        return text("# Deals that are alive", lines, "hq_engagement list");
    }

    private @Nullable String customer(Scope scope, NodeView deal) {
        return graph.linked(scope, deal.id(), "covers", EdgeView.Direction.OUT).stream()
                .filter(customer -> !customer.tainted())
                .min(Comparator.comparing(NodeView.Brief::slug))
                .map(ProjectFacts::named)
                .orElse(null);
    }

    private static List<NodeView> clean(List<NodeView> found) {
        List<NodeView> clean =
                new ArrayList<>(found.stream().filter(node -> !node.tainted()).toList());
        clean.sort(Comparator.comparing(NodeView::slug));
        return clean;
    }

    private static int rank(NodeView project) {
        int at = project.priority() == null ? -1 : PRIORITIES.indexOf(project.priority());
        return at < 0 ? PRIORITIES.size() : at;
    }

    private static @Nullable String due(NodeView project) {
        String due = project.text("due_on");
        return due == null ? null : "due " + due;
    }

    private static String line(@Nullable String... parts) {
        return String.join(", ", Stream.of(parts).filter(Objects::nonNull).toList());
    }

    /** What no longer fits in the room is not shown, and a last line says so and where the rest is. */
    private static String text(String title, List<String> lines, String rest) {
        String end = "- There may be more: " + rest + "\n";
        StringBuilder out = new StringBuilder(title).append("\n\n");
        int room = OwnNotes.INDEX - size(end);
        for (String line : lines) {
            if (size(out.toString()) + size(line) + 1 > room) {
                return out.append(end).toString();
            }
            out.append(line).append('\n');
        }
        return lines.isEmpty() ? out.append("Nothing is recorded.\n").toString() : out.toString();
    }

    private static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
