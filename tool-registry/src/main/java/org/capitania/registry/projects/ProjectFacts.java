package org.capitania.registry.projects;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.subagents.OwnProject;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What the graph knows of a project, in words for its files; the same graph gives the same words.
 *
 * @param values place of the template to text
 * @param tainted whether any of it came from outside
 */
record ProjectFacts(Map<String, String> values, boolean tainted) {
    private static final String NOTHING = "not recorded";
    private static final int LONGEST = 1_000;
    private static final List<String> NAMED = List.of("driven_by", "accountable");

    static ProjectFacts of(Graph graph, Scope scope, NodeView.Detail detail) {
        NodeView project = detail.node();
        Optional<NodeView.Detail> customer = linked(detail, "owned_by", EdgeView.Direction.OUT)
                .findFirst()
                .flatMap(b -> graph.detail(scope, b.id()));
        Optional<NodeView> deal = linked(detail, "fulfills", EdgeView.Direction.OUT)
                .findFirst()
                .flatMap(b -> graph.detail(scope, b.id()))
                .map(NodeView.Detail::node);
        List<NodeView.Brief> people = customer.stream()
                .flatMap(c -> linked(c, "works_for", EdgeView.Direction.IN))
                .toList();
        Map<String, String> values = new LinkedHashMap<>();
        values.put("slug", OwnProject.name(project));
        values.put("title", line(project.title()));
        values.put("parent", "agent:operator");
        values.put("goal", said(project.text("goal")));
        values.put("summary", said(project.text("summary")));
        values.put("description", said(project.text("goal") == null ? project.text("summary") : project.text("goal")));
        values.put("due", said(project.text("due_on")));
        values.put("customer", customer.map(c -> named(c.node())).orElse(NOTHING));
        values.put("language", said(customer.map(c -> c.node().text("language")).orElse(null)));
        values.put("engagement", deal.map(d -> named(d) + ", " + d.status()).orElse(NOTHING));
        values.put("project_type", said(deal.map(d -> d.text("kind")).orElse(null)));
        values.put("driver", first(detail, "driven_by"));
        values.put("accountable", first(detail, "accountable"));
        values.put(
                "people",
                people.isEmpty()
                        ? NOTHING
                        : people.stream().map(p -> "- " + named(p)).collect(Collectors.joining("\n")));
        boolean tainted = project.tainted()
                || customer.filter(c -> c.node().tainted()).isPresent()
                || deal.filter(NodeView::tainted).isPresent()
                || people.stream().anyMatch(NodeView.Brief::tainted)
                || detail.edges().stream().anyMatch(e -> e.other().tainted() && NAMED.contains(e.type()));
        return new ProjectFacts(values, tainted);
    }

    /** In order of slug: which edge was made first says nothing. */
    private static Stream<NodeView.Brief> linked(NodeView.Detail of, String type, EdgeView.Direction direction) {
        return of.edges().stream()
                .filter(e -> e.type().equals(type) && e.direction() == direction)
                .map(EdgeView::other)
                .sorted(Comparator.comparing(NodeView.Brief::slug));
    }

    private static String first(NodeView.Detail of, String type) {
        return linked(of, type, EdgeView.Direction.OUT)
                .findFirst()
                .map(ProjectFacts::named)
                .orElse(NOTHING);
    }

    static String named(NodeView node) {
        return line(node.title()) + " (" + node.slug() + ")";
    }

    static String named(NodeView.Brief node) {
        return line(node.title()) + " (" + node.slug() + ")";
    }

    private static String said(@Nullable String text) {
        String line = text == null ? "" : line(text);
        return line.isEmpty() ? NOTHING : line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    /** On one line no text is a heading or a list of its own. */
    static String line(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
